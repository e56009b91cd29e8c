import { decodeMessage } from '../../../filters/hub/message.ts'
import { inTime } from '../../system/clock.ts'
import { FoldedWarning } from '../../system/folded-warning.ts'
import type { Runtime } from '../../system/runtime.ts'
import type { ReadState } from '../hub.ts'
import type { HubDelivery, HubLink } from '../hub-link.ts'
import { atMostEvery, type Limited } from '../origin/at-most-every.ts'
import { framesOf, placeOfSubject, resendSubject } from '../subjects.ts'
import { inOrderOfStart, type Received } from './first-frames.ts'
import { FrameQueue } from './frame-queue.ts'
import { OriginChoice } from './origin-choice.ts'

/** Surroundings of a reader. */
export interface ReaderParts extends Runtime {
  readonly link: HubLink
  /** Returns milliseconds since 1970. */
  readonly wallClock: () => number
}

/** Age of the oldest message that an edge starts with, and time in which the hub has to answer, in milliseconds. */
const HISTORY_MS = 10_000
const ANSWER_MS = 1_500
/** Age of messages before an absence that are read again behind it, in milliseconds: all edges of a dead server read at once. */
const FILL_MS = 2_000
/** Messages that are kept until it has answered. */
const MAX_EARLY = 4_096
/** Time for which the hub has to have frames before they take the place of a relay, and pause after which it begins anew, in milliseconds. */
const BACK_AFTER_MS = 500
const BACK_PAUSE_MS = 1_000

/** Time without frames after which some are missing, in milliseconds: origins send those of the last 1.5 s again. */
const MISSED_MS = 1_000
/** Time between two messages about lost frames, in milliseconds. */
const LOG_EVERY_MS = 5_000

/** Reads one stream of the hub: the frames of its origins become one row, from the last seconds on. */
export class StreamReader {
  readonly #name: string
  readonly #parts: ReaderParts
  readonly #changed: () => void
  readonly #choice: OriginChoice
  readonly #queue = new FrameQueue()
  readonly #stops: readonly (() => void)[]
  readonly #losses: Limited
  readonly #refusals: FoldedWarning
  /** Messages that have arrived while those of the last seconds are read; undefined: these were read. */
  #early: Received[] | undefined
  #isClosed = false
  #delayMs: number | undefined
  #newestSentAt = Number.NEGATIVE_INFINITY
  /** Lost frames that were logged, and time without frames that was not, in milliseconds. */
  #lost = 0
  #missedMs = 0
  #heard: string | undefined
  readonly #openedAt: number
  /** Time of the newest frames, in milliseconds of the clock. */
  #framesAt = Number.NEGATIVE_INFINITY
  /** A relay stands in: since when there are frames again; undefined: there are none. */
  #isReplaced = false
  #backSince: number | undefined

  /** @param changed called when frames wait to be read */
  constructor(name: string, parts: ReaderParts, changed: () => void) {
    const { link, clock, log } = parts
    this.#name = name
    this.#parts = parts
    this.#changed = changed
    this.#openedAt = clock.now()
    this.#losses = atMostEvery(LOG_EVERY_MS, clock, () => this.#logLosses())
    this.#refusals = new FoldedWarning('hub message refused', ['messages'], clock, log)
    const askAgain = () => link.publish(resendSubject(name), Buffer.alloc(0))
    this.#choice = new OriginChoice({ frames: (payload, begins) => this.#deliver(payload, begins), askAgain }, clock)
    this.#stops = [
      link.subscribe(framesOf(name), (delivery) => this.#take(delivery)),
      link.onConnected(() => this.#connected()),
    ]
    void this.#start()
  }

  get state(): ReadState {
    return {
      name: this.#name,
      heard: this.#choice.heard,
      origins: this.#choice.origins(),
      counters: this.#choice.counters,
      delayMs: this.#delayMs,
    }
  }

  /** The next frames to be read begin an opening; undefined: none wait. */
  get begins(): boolean | undefined {
    return this.#queue.begins
  }

  /** The origin that is heard; undefined: none. */
  get heard(): string | undefined {
    return this.#choice.heard
  }

  /** Time for which frames are overdue, in milliseconds. */
  get overdueMs(): number {
    return this.#choice.overdueMs ?? this.#parts.clock.now() - this.#openedAt
  }

  /** See `FrameQueue.take`. */
  take(): Buffer | undefined {
    return this.#queue.take()
  }

  /** Nothing more is read of this opening: what waits of it is dropped, and the next frames begin anew. */
  drop(): void {
    this.#queue.clear()
    this.#choice.interrupted()
  }

  /** Another source stands in: frames of the hub take its place once they have come for a time, from then on. */
  set isReplaced(value: boolean) {
    this.#isReplaced = value
    this.#backSince = undefined
  }

  close(): void {
    this.#isClosed = true
    for (const stop of this.#stops) stop()
    this.#losses.end()
    this.#choice.close()
  }

  /** Reads the last seconds, and then what has arrived meanwhile. */
  async #start(): Promise<void> {
    this.#early ??= []
    const kept = await this.#history(HISTORY_MS)
    const early = this.#early ?? []
    this.#early = undefined
    if (this.#isClosed) return
    if (kept.length === 0) this.#choice.reconnected()
    for (const received of inOrderOfStart([...kept, ...early])) this.#choose(received)
    this.#look()
  }

  /** @param ms age of the oldest message */
  async #history(ms: number): Promise<readonly Received[]> {
    const { link, clock } = this.#parts
    const reading = link.history(framesOf(this.#name), ms)
    const deliveries = (await inTime(clock, ANSWER_MS, reading)) ?? []
    return deliveries.flatMap((delivery) => this.#read(delivery) ?? [])
  }

  #connected(): void {
    if (this.#choice.heard === undefined) {
      if (this.#early === undefined) void this.#start()
      return
    }
    this.#choice.reconnected()
    void this.#fill()
  }

  /** Takes what the origins do not send again, and the hub has still. */
  async #fill(): Promise<void> {
    const awayMs = this.#choice.overdueMs ?? HISTORY_MS
    for (const received of await this.#history(Math.min(HISTORY_MS, awayMs + FILL_MS)))
      if (!this.#isClosed) this.#choose(received)
    this.#look()
  }

  #take(delivery: HubDelivery): void {
    const received = this.#read(delivery)
    if (received === undefined) return
    this.#measureDelay(received)
    if (this.#early !== undefined) {
      if (this.#early.length < MAX_EARLY) this.#early.push(received)
      return
    }
    this.#choose(received)
    this.#look()
  }

  #read({ subject, payload }: HubDelivery): Received | undefined {
    const place = placeOfSubject(subject)
    // With an empty message, `-check` asks whether an origin may publish.
    if (place === undefined || payload.length === 0) return undefined
    const message = decodeMessage(payload)
    if (typeof message !== 'string') return { origin: place.origin, message, payload }
    this.#refusals.add('messages', { name: this.#name, origin: place.origin, reason: message })
    return undefined
  }

  #choose({ origin, message, payload }: Received): void {
    this.#choice.take(origin, message, payload)
  }

  #measureDelay({ origin, message: { sentAt } }: Received): void {
    if (origin !== this.#choice.heard || sentAt <= this.#newestSentAt) return
    this.#newestSentAt = sentAt
    this.#delayMs = this.#parts.wallClock() - sentAt
  }

  /** Receives the frames of the choice. */
  #deliver(payload: Buffer, begins: boolean): void {
    const now = this.#parts.clock.now()
    const pauseMs = now - this.#framesAt
    if (begins && pauseMs > MISSED_MS && pauseMs < Number.POSITIVE_INFINITY) this.#missedMs += pauseMs
    this.#framesAt = now
    if (this.#isReplaced && !this.#isBack(pauseMs)) {
      this.#queue.clear()
      this.#choice.interrupted()
    } else if (this.#queue.add(payload, begins)) this.#changed()
    else this.drop()
  }

  /** Whether frames have come for long enough. @param pauseMs time without frames before these */
  #isBack(pauseMs: number): boolean {
    if (this.#backSince === undefined || pauseMs > BACK_PAUSE_MS) this.#backSince = this.#framesAt
    return this.#framesAt - this.#backSince >= BACK_AFTER_MS
  }

  /** Logs what has changed. */
  #look(): void {
    const { heard, counters } = this.#choice
    const { log } = this.#parts
    if (heard !== this.#heard) log.info('hub origin heard', { name: this.#name, origin: heard, before: this.#heard })
    this.#heard = heard
    if (counters.lost > this.#lost || this.#missedMs > 0) this.#losses.request()
  }

  #logLosses(): void {
    const { heard, counters } = this.#choice
    const frames = counters.lost - this.#lost || undefined
    const time = this.#missedMs > 0 ? `${(this.#missedMs / 1000).toFixed(1)}s` : undefined
    this.#lost = counters.lost
    this.#missedMs = 0
    if (frames === undefined && time === undefined) return
    this.#parts.log.warn('hub frames lost', { name: this.#name, frames, time, origin: heard })
  }
}
