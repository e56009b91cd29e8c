import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import type { Test } from 'tap'

/** An event of the feed. */
interface FedEvent {
  readonly id: string
  readonly name: string
  readonly data: Readonly<Record<string, unknown>>
}

/** A subscriber of `/status/feed`. */
export interface FeedReader {
  readonly response: IncomingMessage
  /** All events received. */
  readonly events: readonly FedEvent[]
  /** Resolves with the first event of this name and with these fields, past or future; rejects when the server closes before. */
  receives(name: string, fields?: Readonly<Record<string, unknown>>): Promise<FedEvent>
  /** Resolves when the server has closed the connection. */
  readonly closed: Promise<void>
}

/** Subscribes to the events. The subscription ends with the test. @param lastId `Last-Event-ID`; undefined: none. */
export async function readFeed(t: Test, url: string, query = '', lastId?: string): Promise<FeedReader> {
  const headers = lastId === undefined ? {} : { 'Last-Event-ID': lastId }
  const request = get(`${url}/status/feed${query}`, { agent: false, headers })
  t.teardown(() => request.destroy())
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const events: FedEvent[] = []
  const watchers = new Set<() => void>()
  let rest = ''
  response.setEncoding('utf8').on('data', (text: string) => {
    const messages = (rest + text).split('\n\n')
    rest = messages.pop() ?? ''
    events.push(...messages.filter((message) => !message.startsWith(':')).map(eventIn))
    for (const look of watchers) look()
  })
  response.on('error', () => {})
  const closed = new Promise<void>((resolve) => response.once('close', resolve))
  return {
    response,
    events,
    closed,
    receives: (name, fields = {}) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = events.find((event) => event.name === name && hasFields(event, fields))
          if (found === undefined) return
          watchers.delete(look)
          resolve(found)
        }
        watchers.add(look)
        void closed.then(() => reject(new Error(`closed before ${name}: ${JSON.stringify(events)}`)))
        look()
      }),
  }
}

function hasFields({ data }: FedEvent, fields: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(fields).every(([field, value]) => data[field] === value)
}

function eventIn(message: string): FedEvent {
  const [, id = '', name = '', data = ''] = /^id: (.*)\nevent: (.*)\ndata: (.*)$/.exec(message) ?? []
  return { id, name, data: JSON.parse(data) as FedEvent['data'] }
}
