import type { ServerResponse } from 'node:http'
import type { Looker, Lookers } from '../status/lookers.ts'
import { beginEvents } from './event-stream.ts'
import { pageHeaders } from './headers.ts'

/** Sends the status as it changes, until the other side has had enough. */
export function sendEvents(lookers: Lookers, response: ServerResponse): void {
  const looker = lookerBehind(response)
  if (!lookers.add(looker)) {
    response.writeHead(503, { ...pageHeaders(), 'Content-Type': 'text/plain; charset=utf-8', 'Retry-After': '10' })
    return void response.end('too many look at the status already\n')
  }
  response.on('close', () => lookers.remove(looker))
  beginEvents(response)
}

function lookerBehind(response: ServerResponse): Looker {
  return {
    get isBusy() {
      return response.writableLength > 0
    },
    // JSON has no line ends of its own, so that a message is one line.
    send: (news) => void response.write(`data: ${news}\n\n`),
    // Whoever takes nothing would not take an end either.
    end: () => (response.writableLength > 0 ? void response.destroy() : void response.end()),
  }
}
