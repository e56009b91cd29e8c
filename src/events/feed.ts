import { FairShare } from '../access/fair-share.ts'
import type { Place } from '../access/shares.ts'
import { type Clock, repeat } from '../system/clock.ts'
import type { EventLog } from './event-log.ts'
import type { ReportedEvent } from './reported-event.ts'

/** Subscriber to the feed of events. */
export interface FeedSubscriber {
  /** Address under which the subscriber is counted; see `networkOf`. */
  readonly network: string
  /** Addresses, users, agents and commands are left out of its events. */
  readonly isPublic: boolean
  /** Paths of the streams whose events it gets; empty: all events. */
  readonly streams: ReadonlySet<string>
  /** Id of the last event that it has; undefined: it gets new events only. */
  readonly lastId: string | undefined
  /** Number of bytes that wait to be written. */
  readonly waitingBytes: number
  /** Sends lines of Server-Sent Events. */
  send(lines: string): void
  /** Ends the subscription; nothing is sent afterwards. */
  end(): void
}

/** Maximum number of subscribers. */
const MAX_SUBSCRIBERS = 32
/** Number of subscribers that an address may have in a full pool when another address has more. */
const RESERVED = 8
/** Number of bytes that may wait for a subscriber, which is disconnected above that. It can request again what it has missed. */
const MAX_WAITING_BYTES = 512 * 1024
/** Interval of comments, in milliseconds: proxies close connections without bytes after a minute. */
const HEARTBEAT_EVERY_MS = 15_000
const HEARTBEAT = ':\n\n'

/** The subscribers to the events of the program, as Server-Sent Events (HTML, section 9.2). */
export class Feed {
  readonly #log: EventLog
  readonly #clock: Clock
  readonly #pool: FairShare<FeedSubscriber>
  readonly #places = new Map<FeedSubscriber, Place<FeedSubscriber>>()
  #unsubscribe: () => void = () => {}
  #watched: () => void = () => {}
  #hasEnded = false

  constructor(log: EventLog, clock: Clock) {
    this.#log = log
    this.#clock = clock
    const giveUp = (subscriber: FeedSubscriber) => {
      this.remove(subscriber)
      subscriber.end()
    }
    this.#pool = new FairShare({ places: MAX_SUBSCRIBERS, reserved: RESERVED, giveUp }, clock)
  }

  /** Whether there are subscribers. */
  get isWatched(): boolean {
    return this.#places.size > 0
  }

  /** @param watched called when there are subscribers after there were none. */
  onWatched(watched: () => void): void {
    this.#watched = watched
  }

  /**
   * Adds a subscriber. `begin` is called before anything is sent.
   * @returns false when all places are occupied, and the subscriber's address has its share.
   */
  add(subscriber: FeedSubscriber, begin: () => void): boolean {
    if (this.#hasEnded) return false
    const place = this.#pool.enter(subscriber.network, subscriber, true)
    if (place === undefined) return false
    this.#places.set(subscriber, place)
    begin()
    if (subscriber.lastId !== undefined) {
      for (const event of this.#log.after(subscriber.lastId)) send(event, subscriber)
    }
    if (this.#places.size === 1) this.#begin()
    return true
  }

  remove(subscriber: FeedSubscriber): void {
    const place = this.#places.get(subscriber)
    if (place === undefined) return
    this.#pool.leave(place)
    this.#places.delete(subscriber)
    if (this.#places.size === 0) this.#unsubscribe()
  }

  /** Ends all subscriptions and refuses new ones. */
  end(): void {
    this.#hasEnded = true
    for (const subscriber of this.#places.keys()) this.#end(subscriber)
  }

  #begin(): void {
    const stops = [
      this.#log.subscribe(({ event }) => this.#sendAll(event)),
      repeat(this.#clock, HEARTBEAT_EVERY_MS, async () => this.#beat()),
    ]
    this.#unsubscribe = () => {
      for (const stop of stops) stop()
    }
    this.#watched()
  }

  #beat(): void {
    for (const subscriber of this.#places.keys()) if (subscriber.waitingBytes === 0) subscriber.send(HEARTBEAT)
  }

  #sendAll(event: ReportedEvent): void {
    for (const subscriber of this.#places.keys()) {
      if (subscriber.waitingBytes > MAX_WAITING_BYTES) this.#end(subscriber)
      else send(event, subscriber)
    }
  }

  #end(subscriber: FeedSubscriber): void {
    this.remove(subscriber)
    subscriber.end()
  }
}

function send(event: ReportedEvent, subscriber: FeedSubscriber): void {
  const { streams, isPublic } = subscriber
  if (streams.size > 0 && !streams.has(event.stream ?? '')) return
  // JSON as `JSON.stringify` writes it has no line breaks.
  const json = isPublic ? event.publicJson : event.privateJson
  subscriber.send(`id: ${event.id}\nevent: ${event.name}\ndata: ${json}\n\n`)
}
