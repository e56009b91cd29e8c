import type { ServerResponse } from 'node:http'
import type { Logger } from '@logtape/logtape'
import { FairShare } from '../../access/fair-share.ts'
import type { Clock } from '../../system/clock.ts'
import { beginEvents, eventOf, refuseEvents, sendEvent } from '../event-stream.ts'

/** Interval of the events, in milliseconds: longer with many clients, so that sending takes a few percent of the time. */
const EVERY_MS = 1_000
const MOST_MS = 3_000
const EACH_MS = 0.5
/** Maximum number of event streams: writing to all of them takes some 50 ms. */
const MOST_STREAMS = 10_000
/** Number of event streams that an address may have in a full pool when another address has more. */
const RESERVED = 8

/** Event streams of the players that are open, for all streams. */
export class PlayerSubscribers {
  readonly #newsOf: (path: string) => Promise<unknown>
  readonly #clock: Clock
  readonly #log: Logger
  /** Responses by the path of their stream. */
  readonly #responses = new Map<string, Set<ServerResponse>>()
  readonly #pool: FairShare<ServerResponse>

  /** @param newsOf returns the news of the stream at a path; called once for all its event streams. */
  constructor(newsOf: (path: string) => Promise<unknown>, clock: Clock, log: Logger) {
    this.#newsOf = newsOf
    this.#clock = clock
    this.#log = log
    this.#pool = new FairShare({ places: MOST_STREAMS, reserved: RESERVED, giveUp }, clock)
  }

  /** Sends news of a stream until the connection closes. @param network address under which the client is counted */
  add(path: string, network: string, response: ServerResponse): void {
    const place = this.#pool.enter(network, response, true)
    if (place === undefined) return refuseEvents(response, 'this address has too many event streams')
    const responses = this.#responses.get(path) ?? new Set()
    beginEvents(response)
    response.on('close', () => {
      this.#pool.leave(place)
      responses.delete(response)
      if (responses.size === 0) this.#responses.delete(path)
    })
    responses.add(response)
    this.#responses.set(path, responses)
    void (responses.size > 1 ? this.#send(path, [response]) : this.#keepSending(path, responses))
  }

  async #keepSending(path: string, responses: Set<ServerResponse>): Promise<void> {
    if (responses.size === 0) return
    await this.#send(path, responses)
    const pauseMs = Math.min(MOST_MS, Math.max(EVERY_MS, this.#pool.size * EACH_MS))
    this.#clock.after(pauseMs, () => void this.#keepSending(path, responses))
  }

  async #send(path: string, responses: Iterable<ServerResponse>): Promise<void> {
    try {
      const event = eventOf(await this.#newsOf(path))
      for (const response of responses) sendEvent(response, event)
    } catch (error) {
      // Their pages reconnect.
      this.#log.error('player update failed', { path, error: String(error) })
      for (const response of responses) response.destroy()
    }
  }
}

function giveUp(response: ServerResponse): void {
  response.end()
}
