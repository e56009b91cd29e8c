import { FairShare } from '../access/fair-share.ts'
import type { Place } from '../access/shares.ts'
import { type Clock, pause } from '../system/clock.ts'
import { allOf, newsIn } from './news.ts'
import type { StatusNews, StatusReport } from './report.ts'
import type { Status } from './status.ts'

/** Subscriber to the status. */
export interface StatusSubscriber {
  /** Address under which the subscriber is counted; see `networkOf`. */
  readonly network: string
  /** Whether earlier messages still wait to be written. */
  readonly isBusy: boolean
  /** @param news in JSON. */
  send(news: string): void
  /** Ends the subscription; nothing is sent afterwards. */
  end(): void
}

/** The status, as one kind of subscribers may see it. */
interface ReportedStatus extends Pick<Status, 'pulse'> {
  report(): Promise<StatusReport>
}

/** Maximum number of subscribers. */
const MAX_SUBSCRIBERS = 32
/** Number of subscribers that an address may have in a full pool when another address has more. */
const RESERVED = 8
/** Maximum time between two messages, and interval of the checks for a change, in milliseconds. */
const SEND_EVERY_MS = 1_000
const CHECK_EVERY_MS = 250
/** Number of messages that a busy subscriber may miss before it is disconnected; missed messages are not queued. */
const MAX_MISSED = 10
/** In place of a number of missed messages: the first report is not sent yet. */
const NOT_BEGUN = -1

/** Subscribers to the status of which all may see the same. They receive changes once a second, or earlier when `Status.pulse` changes. */
export class StatusSubscribers {
  readonly #status: ReportedStatus
  readonly #clock: Clock
  readonly #pool: FairShare<StatusSubscriber>
  readonly #places = new Map<StatusSubscriber, Place<StatusSubscriber>>()
  /** Number of messages that each subscriber has missed since the last one that it was sent. */
  readonly #missed = new Map<StatusSubscriber, number>()
  #isSending = false
  #hasEnded = false
  /** The last report that was sent. */
  #before: StatusReport | undefined

  constructor(status: ReportedStatus, clock: Clock) {
    this.#status = status
    this.#clock = clock
    this.#pool = new FairShare<StatusSubscriber>(
      {
        places: MAX_SUBSCRIBERS,
        reserved: RESERVED,
        giveUp: (subscriber) => {
          this.remove(subscriber)
          subscriber.end()
        },
      },
      clock,
    )
  }

  /** @returns false when all places are occupied, and the subscriber's address has its share. */
  add(subscriber: StatusSubscriber): boolean {
    if (this.#hasEnded) return false
    const place = this.#pool.enter(subscriber.network, subscriber, true)
    if (place === undefined) return false
    this.#places.set(subscriber, place)
    this.#missed.set(subscriber, NOT_BEGUN)
    void this.#begin(subscriber)
    return true
  }

  remove(subscriber: StatusSubscriber): void {
    this.#missed.delete(subscriber)
    const place = this.#places.get(subscriber)
    if (place !== undefined) this.#pool.leave(place)
    this.#places.delete(subscriber)
  }

  /** Ends all subscriptions and refuses new ones. */
  end(): void {
    this.#hasEnded = true
    for (const subscriber of this.#missed.keys()) subscriber.end()
    this.#missed.clear()
  }

  async #begin(subscriber: StatusSubscriber): Promise<void> {
    const report = await this.#status.report()
    if (!this.#missed.has(subscriber)) return
    subscriber.send(JSON.stringify(allOf(report)))
    this.#missed.set(subscriber, 0)
    this.#before ??= report
    if (!this.#isSending) void this.#sendWhileSubscribed()
  }

  async #sendWhileSubscribed(): Promise<void> {
    this.#isSending = true
    while (this.#missed.size > 0) {
      await this.#change()
      if (this.#missed.size > 0) this.#send(await this.#status.report())
    }
    this.#isSending = false
    this.#before = undefined
  }

  /** Resolved when the pulse has changed, or when the next message is due. */
  async #change(): Promise<void> {
    const pulse = this.#status.pulse()
    for (let ms = 0; ms < SEND_EVERY_MS && this.#status.pulse() === pulse; ms += CHECK_EVERY_MS)
      await pause(this.#clock, CHECK_EVERY_MS)
  }

  #send(report: StatusReport): void {
    const before = this.#before
    const whole = once(() => allOf(report))
    const news = once(() => (before === undefined ? allOf(report) : newsIn(report, before)))
    for (const [subscriber, count] of this.#missed) {
      if (count === NOT_BEGUN) continue
      this.#missed.set(subscriber, subscriber.isBusy ? count + 1 : 0)
      if (!subscriber.isBusy) subscriber.send(count > 0 ? whole() : news())
      else if (count >= MAX_MISSED) subscriber.end()
    }
    this.#before = report
  }
}

/** Makes a message when it is first needed, and shares it among all subscribers. */
function once(make: () => StatusNews): () => string {
  let text: string | undefined
  return () => {
    text ??= JSON.stringify(make())
    return text
  }
}
