import type { ServerResponse } from 'node:http'
import type { StatusSubscriber, StatusSubscribers } from '../../status/status-subscribers.ts'
import { beginEvents, refuseEvents } from '../event-stream.ts'

/** Sends the status as it changes, until the client disconnects. @param network address under which the client is counted */
export function sendEvents(subscribers: StatusSubscribers, network: string, response: ServerResponse): void {
  const subscriber = subscriberOf(response, network)
  if (!subscribers.add(subscriber)) return refuseEvents(response, 'too many clients watch the status')
  response.on('close', () => subscribers.remove(subscriber))
  beginEvents(response)
}

function subscriberOf(response: ServerResponse, network: string): StatusSubscriber {
  return {
    network,
    get isBusy() {
      return response.writableLength > 0
    },
    // JSON as `JSON.stringify` writes it has no line breaks, so a message is one line.
    send: (news) => void response.write(`data: ${news}\n\n`),
    // A client that does not read would not read the end of the response either.
    end: () => (response.writableLength > 0 ? void response.destroy() : void response.end()),
  }
}
