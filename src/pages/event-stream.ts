import type { ServerResponse } from 'node:http'
import { pageHeaders } from './headers.ts'

/** Begins an answer of Server-Sent Events (HTML, section 9.2). Proxies that collect answers are asked not to. */
export function beginEvents(response: ServerResponse): void {
  response.writeHead(200, { ...pageHeaders(), 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' })
  response.flushHeaders()
  if (response.req.method === 'HEAD') response.end()
}

/** An event, the same for all who get it. */
export function eventOf(data: unknown): Buffer {
  return Buffer.from(`data: ${JSON.stringify(data)}\n\n`)
}

/** Sends an event, unless earlier ones still wait to be taken: the next one will be newer. */
export function sendEvent(response: ServerResponse, event: Buffer): void {
  if (!response.writableNeedDrain && !response.writableEnded) response.write(event)
}
