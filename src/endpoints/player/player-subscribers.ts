import type { ServerResponse } from 'node:http'
import type { Logger } from '@logtape/logtape'
import { FairShare } from '../../access/fair-share.ts'
import type { Clock } from '../../system/clock.ts'
import { beginEvents, refuseEvents, sendEvent } from '../event-stream.ts'

/** Interval of the events, in milliseconds: longer with many clients, so that sending takes a few percent of the time. */
const EVERY_MS = 1_000
const MOST_MS = 3_000
const EACH_MS = 0.5
/** Maximum number of event streams: writing to all of them takes some 50 ms. */
const MOST_STREAMS = 10_000
/** Number of event streams that an address may have in a full pool when another address has more. */
const RESERVED = 8

/** News of a stream, or of a path without one. */
export interface News {
  readonly event: Buffer
  /** What a client must have fulfilled to receive it; undefined: nothing. */
  readonly rules: string | undefined
}

/** Event streams of the players that are open, for all streams. */
export class PlayerSubscribers {
  readonly #newsOf: (path: string, isFirst: boolean) => Promise<News>
  readonly #clock: Clock
  readonly #log: Logger
  /** Responses by the path of their stream, with the rules that their clients have fulfilled. */
  readonly #responses = new Map<string, Map<ServerResponse, string | undefined>>()
  readonly #pool: FairShare<ServerResponse>

  /** @param newsOf returns the news of the stream at a path, for new event streams, or once for all that have had some. */
  constructor(newsOf: (path: string, isFirst: boolean) => Promise<News>, clock: Clock, log: Logger) {
    this.#newsOf = newsOf
    this.#clock = clock
    this.#log = log
    this.#pool = new FairShare({ places: MOST_STREAMS, reserved: RESERVED, giveUp }, clock)
  }

  /**
   * Sends news of a stream until the connection closes, or until the stream has other rules.
   * @param rules that the client has fulfilled @param network address under which the client is counted
   */
  add(path: string, rules: string | undefined, network: string, response: ServerResponse): void {
    const place = this.#pool.enter(network, response, true)
    if (place === undefined) return refuseEvents(response, 'this address has too many event streams')
    const responses = this.#responses.get(path) ?? new Map<ServerResponse, string | undefined>()
    beginEvents(response)
    response.on('close', () => {
      this.#pool.leave(place)
      responses.delete(response)
      if (responses.size === 0) this.#responses.delete(path)
    })
    responses.set(response, rules)
    this.#responses.set(path, responses)
    void this.#begin(path, responses, [response, rules])
  }

  async #begin(
    path: string,
    responses: ReadonlyMap<ServerResponse, string | undefined>,
    added: readonly [ServerResponse, string | undefined],
  ): Promise<void> {
    const isFirst = responses.size === 1
    await this.#send(path, [added], true)
    if (isFirst) this.#continue(path, responses)
  }

  async #keepSending(path: string, responses: ReadonlyMap<ServerResponse, string | undefined>): Promise<void> {
    if (responses.size === 0) return
    await this.#send(path, responses, false)
    this.#continue(path, responses)
  }

  #continue(path: string, responses: ReadonlyMap<ServerResponse, string | undefined>): void {
    const pauseMs = Math.min(MOST_MS, Math.max(EVERY_MS, this.#pool.size * EACH_MS))
    this.#clock.after(pauseMs, () => void this.#keepSending(path, responses))
  }

  async #send(
    path: string,
    responses: Iterable<readonly [ServerResponse, string | undefined]>,
    isFirst: boolean,
  ): Promise<void> {
    try {
      const { event, rules } = await this.#newsOf(path, isFirst)
      for (const [response, fulfilled] of responses) {
        // The browser reconnects, and is asked for what the stream needs now.
        if (rules === undefined || rules === fulfilled) sendEvent(response, event)
        else response.end()
      }
    } catch (error) {
      // Their pages reconnect.
      this.#log.error('player update failed', { path, error: String(error) })
      for (const [response] of responses) response.destroy()
    }
  }
}

function giveUp(response: ServerResponse): void {
  response.end()
}
