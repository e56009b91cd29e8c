import type { LowFormat } from '../../endpoints/low/low-messages.ts'
import { Socket } from '../shared/socket.ts'
import { urlAt } from '../shared/url-at.ts'

/** Callbacks of a connection. None is called after `lost` or `close`. */
export interface LowSocketEvents {
  format(format: LowFormat): void
  samples(bytes: ArrayBuffer): void
  /** The connection is closed or silent. */
  lost(): void
}

/** Ping interval, in milliseconds. */
const PING_EVERY_MS = 1_000
/** Ping timeout, in milliseconds, after which the connection counts as lost: a dead one may take minutes to close. */
const SILENCE_MS = 5_000
const PING = '?'

/** A connection that receives samples from the server. The keeper of the player replaces it when it is lost. */
export class LowSocket {
  readonly #events: LowSocketEvents
  readonly #socket: Socket
  readonly #timer = setInterval(() => this.#ping(), PING_EVERY_MS)
  /** When the pending ping was sent. */
  #pingedAt: number | undefined
  #answeredAt = performance.now()
  #quickestMs = Number.POSITIVE_INFINITY
  #waitMs = 0

  /** @param path from the root of the server, encoded, with the query, and without a leading slash */
  constructor(path: string, events: LowSocketEvents) {
    this.#events = events
    this.#socket = new Socket(urlAt(path), {
      message: (data) => this.#receive(data),
      closed: () => this.#lose(),
    })
  }

  /** Queueing delay of samples between server and page, in milliseconds, as far as it can be measured. */
  get waitMs(): number {
    return this.#waitMs
  }

  close(): void {
    clearInterval(this.#timer)
    this.#socket.close()
  }

  #receive(data: string | ArrayBuffer): void {
    if (typeof data !== 'string') this.#events.samples(data)
    else if (data === PING) this.#measure()
    else this.#events.format(JSON.parse(data) as LowFormat)
  }

  #ping(): void {
    const now = performance.now()
    if (now - (this.#pingedAt ?? this.#answeredAt) > SILENCE_MS) return this.#lose()
    if (this.#pingedAt !== undefined || !this.#socket.isOpen) return
    this.#pingedAt = now
    this.#socket.send(PING)
  }

  /** The answer follows all samples sent before it. The one-way latency is half of the shortest round trip. */
  #measure(): void {
    this.#answeredAt = performance.now()
    const tripMs = this.#answeredAt - (this.#pingedAt ?? this.#answeredAt)
    this.#pingedAt = undefined
    this.#quickestMs = Math.min(this.#quickestMs, tripMs)
    this.#waitMs = tripMs - this.#quickestMs / 2
  }

  #lose(): void {
    this.close()
    this.#events.lost()
  }
}
