import type { HubMessage } from '../../../filters/hub/message.ts'
import type { Clock } from '../../system/clock.ts'
import type { Run } from './backlog.ts'
import { type Continuation, findContinuation } from './continuation.ts'
import { Delivered } from './delivered.ts'
import type { Opening } from './opening.ts'
import { Origin } from './origin.ts'
import { OriginList } from './origin-list.ts'
import { type Piece, partOf, pieceOf, type Renumbering } from './piece.ts'
import { RepeatRequests } from './repeat-requests.ts'
import { WaySilence } from './way-silence.ts'

/** Receives the frames of one stream, from whatever origin. */
export interface ChoiceReceiver {
  /**
   * Frames that follow those before without a gap and without a frame twice.
   * @param payload the message in bytes, ready for the filter
   * @param begins they do not follow those before: another epoch, another origin with other frames, or frames are missing. Its message has a key.
   */
  frames(payload: Buffer, begins: boolean): void
  /** Frames are missing, or the hub was away: asks the origins to send the last seconds again. */
  askAgain(): void
}

/** What is known about one origin of a stream. */
export interface OriginState {
  readonly origin: string
  /** It is the one that is heard. */
  readonly isHeard: boolean
  /** Time since its last message, in milliseconds. */
  readonly quietMs: number
}

/** Totals since the beginning. */
export interface ChoiceCounters {
  /** Times that another origin became the heard one. */
  changes: number
  /** Frames that came more than once and were dropped. */
  duplicates: number
  /** Frames that were received again after they had been missing. */
  refilled: number
  /** Frames that never came. */
  lost: number
  /** Longest time without frames, and the sum of those above 200 ms, in milliseconds. */
  longestGapMs: number
  gapMs: number
}

/** Times of the choice, in milliseconds. */
export interface ChoiceTimes {
  /** Silence of the heard origin after which another one is heard. */
  readonly silenceMs: number
  /** Time that frames behind a gap wait for those in it. */
  readonly holdMs: number
}

/**
 * The change takes at most 50 ms more on a busy machine, so that silence is below 400 ms. An origin that has answered another edge
 * just before sends missing frames again 250 ms later.
 */
const TIMES: ChoiceTimes = { silenceMs: 350, holdMs: 300 }
/** Time for which frames wait for missing ones after the hub was away, and time after its return in which gaps begin, in milliseconds. */
const RETURN_HOLD_MS = 400
const RETURN_MS = 1_000
/** Silence of an origin in which missing frames are still on their way, and longest wait for them, in milliseconds. */
const ON_WAY_MS = 150
const MAX_HOLD_MS = 1_500
/** Silence that is accepted for a change that listeners do not notice, in milliseconds. */
const MAX_SILENCE_MS = 500
/**
 * Which origin of a stream is heard, and which frames of it are new. Knows neither the hub nor the network.
 *
 * ```
 *   origin A   0 1 2 3 x                       order of each origin: see FrameOrder
 *   origin B   7 8 9 10 11 12 13 14            the last seconds of each: see Backlog
 *   delivered  0 1 2 3 . . . 4 5 6 7           A is silent for 350 ms; frame 11 of B follows frame 3 of A, where both have the same frames
 * ```
 */
export class OriginChoice {
  readonly counters: ChoiceCounters = { changes: 0, duplicates: 0, refilled: 0, lost: 0, longestGapMs: 0, gapMs: 0 }
  readonly #receiver: ChoiceReceiver
  readonly #clock: Clock
  readonly #times: ChoiceTimes
  readonly #origins = new OriginList()
  readonly #delivered = new Delivered(this.counters)
  #heard: Origin | undefined
  /** The next frames of the heard origin follow the delivered ones. */
  #isOpen = false
  /** Numbers of the frames of the heard origin; undefined: its own. */
  #renumbering: Renumbering | undefined
  /** When the hub was back last, in milliseconds of the clock. */
  #returnedAt = Number.NEGATIVE_INFINITY
  readonly #way = new WaySilence()
  readonly #requests: RepeatRequests
  #cancelSilence: (() => void) | undefined

  constructor(receiver: ChoiceReceiver, clock: Clock, times: ChoiceTimes = TIMES) {
    this.#receiver = receiver
    this.#clock = clock
    this.#times = times
    // The frames may have come before a request that had to wait.
    const isNeeded = () => this.#heard === undefined || this.#heard.order.waitsSince !== undefined
    this.#requests = new RepeatRequests(clock, () => receiver.askAgain(), isNeeded)
  }

  /** Takes a message as it arrived. @param payload its bytes */
  take(origin: string, message: HubMessage, payload: Buffer): void {
    const now = this.#clock.now()
    const piece = pieceOf(message, payload, now)
    const from = piece && this.#origins.of(origin, now, this.#heard, () => this.#create(origin, now))
    if (piece === undefined || from === undefined) return
    this.#way.arrived(now, this.#origins.all(), this.#delivered.at)
    from.seenAt = now
    from.order.take(piece)
    this.#watchGap(from)
  }

  /** The hub is back: what was sent meanwhile is missing. */
  reconnected(): void {
    this.#returnedAt = this.#clock.now()
    this.#requests.add()
  }

  /** What was delivered does not matter any more: the next frames begin anew. */
  interrupted(): void {
    this.#isOpen = false
  }

  /** The origin that is heard; undefined: none. */
  get heard(): string | undefined {
    return this.#heard?.name
  }

  /** Time for which the next frames are overdue, in milliseconds; undefined: there were none. */
  get overdueMs(): number | undefined {
    const { at } = this.#delivered
    return at === undefined ? undefined : Math.max(0, this.#clock.now() - at - (this.#heard?.allowanceMs ?? 0))
  }

  origins(): readonly OriginState[] {
    const now = this.#clock.now()
    return [...this.#origins.all()].map((origin) => ({
      origin: origin.name,
      isHeard: origin === this.#heard,
      quietMs: now - origin.seenAt,
    }))
  }

  /** Ends its timers. */
  close(): void {
    this.#requests.close()
    this.#cancelSilence?.()
    this.#origins.close()
  }

  #create(name: string, now: number): Origin {
    const origin: Origin = new Origin(name, now, {
      inOrder: (piece, begins) => this.#inOrder(origin, piece, begins),
      duplicates: (frames) => this.#count(origin, 'duplicates', frames),
      refilled: (frames) => this.#count(origin, 'refilled', frames),
      lost: (frames) => this.#count(origin, 'lost', frames),
    })
    return origin
  }

  #count(origin: Origin, what: 'duplicates' | 'refilled' | 'lost', frames: number): void {
    if (origin === this.#heard) this.counters[what] += frames
  }

  #inOrder(origin: Origin, piece: Piece, begins: boolean): void {
    origin.add(piece, begins)
    if (this.#heard === undefined) this.#begin(origin, Number.NEGATIVE_INFINITY)
    else if (this.#heard === origin) this.#deliverNewest(origin, begins)
    else if (this.#hasFailed(origin)) this.#change([origin])
  }

  /** Whether the heard origin is silent, or slower than another one that has frames now. */
  #hasFailed(other: Origin): boolean {
    const now = this.#clock.now()
    if (now < this.#way.graceUntil) return false
    const otherLagMs = other.lag.at(now) ?? Number.POSITIVE_INFINITY
    return now >= this.#silentAt() || this.#lagMs(now) - otherLagMs > this.#times.silenceMs
  }

  /** How far the heard origin is behind its own best, in milliseconds. */
  #lagMs(now: number): number {
    const { lag, allowanceMs } = this.#heard ?? {}
    return Math.max(0, (lag?.at(now) ?? 0) - (allowanceMs ?? 0))
  }

  /** Time from which the heard origin counts as silent, in milliseconds of the clock. */
  #silentAt(): number {
    const last = Math.max(this.#delivered.at ?? Number.NEGATIVE_INFINITY, this.#returnedAt)
    return Math.max(last + this.#times.silenceMs + (this.#heard?.allowanceMs ?? 0), this.#way.graceUntil)
  }

  /** Hears one of the others: one with the same frames, or the first one at whose frames listeners can begin. */
  #change(others: readonly Origin[]): boolean {
    if (others.some((other) => this.#continueWith(other))) return true
    const now = this.#clock.now()
    const since = Math.min(this.#delivered.at ?? now, now - this.#lagMs(now))
    return others.some((other) => this.#begin(other, since))
  }

  #continueWith(other: Origin): boolean {
    const silentMs = this.#clock.now() - (this.#delivered.at ?? 0)
    const found = findContinuation(other.backlog.runs, this.#delivered, MAX_SILENCE_MS - silentMs)
    if (found === undefined) return false
    this.#hear(other)
    this.#continue(other, found)
    return true
  }

  #continue(origin: Origin, { run, renumbering }: Continuation): void {
    const { runs } = origin.backlog
    const isOwn = runs[run]?.pieces[0]?.message.epoch === renumbering.epoch && renumbering.seq === 0
    this.#renumbering = isOwn ? undefined : renumbering
    this.#isOpen = true
    this.#deliverFrom(origin, runs, run, 0)
  }

  /** Begins with the frames of an origin that have arrived after a time. @returns false when listeners cannot begin there */
  #begin(origin: Origin, since: number): boolean {
    const { runs } = origin.backlog
    for (const [run, found] of runs.entries()) {
      const from = found.pieces.findIndex(({ arrivedAt }) => arrivedAt > since)
      const opening = from < 0 ? undefined : origin.openingIn(found, from)
      if (opening === undefined) continue
      this.#hear(origin)
      this.#open(found, opening)
      this.#deliverFrom(origin, runs, run, opening.at + 1)
      return true
    }
    return false
  }

  #hear(origin: Origin): void {
    if (this.#heard !== undefined && this.#heard !== origin) this.counters.changes++
    this.#heard = origin
  }

  #deliverNewest(origin: Origin, begins: boolean): void {
    const { newest } = origin.backlog
    if (begins) this.#isOpen = false
    if (newest !== undefined) this.#deliver(origin, newest, newest.pieces.length - 1)
  }

  /** Delivers the pieces of the heard origin from one on. */
  #deliverFrom(origin: Origin, runs: readonly Run[], first: number, from: number): void {
    for (const [i, run] of runs.slice(first).entries()) {
      if (i > 0) this.#isOpen = false
      for (let at = i === 0 ? from : 0; at < run.pieces.length; at++) this.#deliver(origin, run, at)
    }
  }

  /** Delivers a piece of the heard origin. Where it does not follow those before, listeners begin with it if they can. */
  #deliver(origin: Origin, run: Run, at: number): void {
    const piece = run.pieces[at]
    if (piece === undefined) return
    if (this.#isOpen) return this.#send(piece, false)
    const opening = origin.openingIn({ ...run, pieces: run.pieces.slice(0, at + 1) }, at)
    if (opening !== undefined) this.#open(run, opening)
  }

  #open(run: Run, { at, index, key }: Opening): void {
    const piece = run.pieces[at]
    if (piece === undefined) return
    this.#renumbering = undefined
    this.#isOpen = true
    this.#send(key === piece.message.key ? piece : partOf(piece, index, { key }), true)
  }

  #send(piece: Piece, begins: boolean): void {
    const { message } = piece
    const renumbering = this.#renumbering
    // Frames that another origin has delivered.
    const repeated = begins ? 0 : this.#delivered.next - message.seq - (renumbering?.seq ?? 0)
    if (repeated >= message.frames.length) return
    const isWhole = repeated <= 0 && renumbering === undefined
    const own = isWhole ? piece : partOf(piece, Math.max(0, repeated), { renumbering })
    this.#delivered.add(own, begins, this.#clock.now())
    this.#watchSilence()
    this.#receiver.frames(own.payload, begins)
  }

  /** Sets a timer for the silence of the heard origin; one that is set already is set again when it ends too early. */
  #watchSilence(): void {
    if (this.#cancelSilence !== undefined) return
    const wait = this.#silentAt() - this.#clock.now()
    this.#cancelSilence = this.#clock.after(Math.max(1, wait), () => {
      this.#cancelSilence = undefined
      if (this.#clock.now() < this.#silentAt()) return this.#watchSilence()
      // Without another one, the first frames of another one are those to hear.
      this.#change(this.#others())
    })
  }

  /** The others that have frames now. */
  #others(): readonly Origin[] {
    return this.#origins.fresh(this.#clock.now(), this.#heard)
  }

  /** Asks for the frames that an origin lacks, and sets a time for them. */
  #watchGap(origin: Origin): void {
    const since = origin.order.waitsSince
    const gap = since === undefined ? undefined : origin.order.gap
    if (gap === origin.gap) return
    origin.gap = gap
    origin.cancelHold?.()
    origin.cancelHold = undefined
    if (since === undefined) return
    const answerFrom = this.#asksFor(origin, since) ? this.#requests.add() : since
    const isReturn = since - this.#returnedAt < RETURN_MS
    const until = Math.max(since, answerFrom) + (isReturn ? RETURN_HOLD_MS : this.#times.holdMs)
    this.#hold(origin, until - this.#clock.now(), since + MAX_HOLD_MS)
  }

  /** Waits for missing frames. What has asked for them, or the answer, may be on a way that is slow at the moment. @param last end at the latest */
  #hold(origin: Origin, ms: number, last: number): void {
    origin.cancelHold = this.#clock.after(ms, () => {
      const now = this.#clock.now()
      const isQuiet = now - origin.seenAt > ON_WAY_MS + origin.allowanceMs
      if (isQuiet && now < last) this.#hold(origin, ON_WAY_MS, last)
      else this.#giveUp(origin)
    })
  }

  /** Whether nobody was asked for the frames that an origin lacks. @param since arrival of those behind them */
  #asksFor(origin: Origin, since: number): boolean {
    if (since <= this.#requests.sentAt || origin.askedFor === origin.gap) return false
    if (this.#heard !== undefined && this.#heard !== origin) return false
    origin.askedFor = origin.gap
    return true
  }

  /** Goes on without the missing frames of an origin, unless another one has them. */
  #giveUp(origin: Origin): void {
    origin.gap = undefined
    origin.cancelHold = undefined
    if (origin === this.#heard) this.#others().some((other) => this.#continueWith(other))
    origin.order.skip()
    this.#watchGap(origin)
  }
}
