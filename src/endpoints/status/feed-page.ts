import type { ServerResponse } from 'node:http'
import type { Feed, FeedSubscriber } from '../../events/feed.ts'
import { beginEvents, refuseEvents } from '../event-stream.ts'
import type { PageRequest } from '../page-request.ts'

/** Number of waiting bytes from which a client does not read, and would not read the end of the response either. */
const UNREAD_BYTES = 64 * 1024

/**
 * Sends the events of the program until the client disconnects: those after `Last-Event-ID` first, and only those of the streams
 * that the query names, as `?stream=/radio&stream=/cd`.
 * @param isPublic leave out addresses, users, agents and commands
 */
export function sendFeed(feed: Feed, request: PageRequest, response: ServerResponse, isPublic: boolean): void {
  if (request.message.method === 'HEAD') return beginEvents(response)
  const subscriber = subscriberOf(request, response, isPublic)
  response.on('close', () => feed.remove(subscriber))
  const isAdded = feed.add(subscriber, () => beginEvents(response))
  if (!isAdded) refuseEvents(response, 'too many clients watch the events')
}

function subscriberOf(
  { query, network, message }: PageRequest,
  response: ServerResponse,
  isPublic: boolean,
): FeedSubscriber {
  const lastId = message.headers['last-event-id']
  return {
    network,
    isPublic,
    streams: new Set(query.getAll('stream')),
    lastId: lastId === undefined ? undefined : String(lastId),
    get waitingBytes() {
      return response.writableLength
    },
    send: (lines) => void response.write(lines),
    end: () => (response.writableLength > UNREAD_BYTES ? void response.destroy() : void response.end()),
  }
}
