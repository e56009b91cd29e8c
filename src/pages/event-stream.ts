import type { ServerResponse } from 'node:http'
import { pageHeaders } from './headers.ts'

/** Begins an answer of Server-Sent Events (HTML, section 9.2). Proxies that collect answers are asked not to. */
export function beginEvents(response: ServerResponse): void {
  response.writeHead(200, { ...pageHeaders(), 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' })
  response.flushHeaders()
  if (response.req.method === 'HEAD') response.end()
}

/** Answers that there are too many; browsers do not ask again by themselves then. @param line says so */
export function refuseEvents(response: ServerResponse, line: string): void {
  const type = { 'Content-Type': 'text/plain; charset=utf-8', 'Retry-After': '10' }
  response.writeHead(503, { ...pageHeaders(), ...type }).end(`${line}\n`)
}

/** An event, the same for all who get it. */
export function eventOf(data: unknown): Buffer {
  return Buffer.from(`data: ${JSON.stringify(data)}\n\n`)
}

/** Sends an event, unless earlier ones still wait to be taken: the next one will be newer. */
export function sendEvent(response: ServerResponse, event: Buffer): void {
  if (!response.writableNeedDrain && !response.writableEnded) response.write(event)
}
