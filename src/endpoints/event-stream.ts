import type { ServerResponse } from 'node:http'
import { pageHeaders } from './headers.ts'

/** Begins a response of Server-Sent Events (HTML, section 9.2), and disables the buffering of proxies. */
export function beginEvents(response: ServerResponse): void {
  response.writeHead(200, { ...pageHeaders(), 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' })
  response.flushHeaders()
  if (response.req.method === 'HEAD') response.end()
}

/** Responds with 503, after which browsers do not reconnect by themselves. @param line reason, as text */
export function refuseEvents(response: ServerResponse, line: string): void {
  const type = { 'Content-Type': 'text/plain; charset=utf-8', 'Retry-After': '10' }
  response.writeHead(503, { ...pageHeaders(), ...type }).end(`${line}\n`)
}

/** Returns an event, which can be sent to any number of clients. */
export function eventOf(data: unknown): Buffer {
  return Buffer.from(`data: ${JSON.stringify(data)}\n\n`)
}

/** Sends an event, or drops it when earlier ones still wait to be written: the next one will be newer. */
export function sendEvent(response: ServerResponse, event: Buffer): void {
  if (!response.writableNeedDrain && !response.writableEnded) response.write(event)
}
