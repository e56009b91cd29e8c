import type { Clock } from '../system/clock.ts'

/** A round over the listeners, in parts that are short enough for other work to run in between. */
export interface Round {
  /** Time from the start of one round to that of the next without load, in milliseconds; see `longestMs`. */
  shortestMs(): number
  /** Maximum time from the start of one round to that of the next, in milliseconds. */
  longestMs(): number
  /** Number of streams that share the time of this thread. */
  streams(): number
  /** Starts a round. @param tickMs time to the next one at the soonest. @returns the approximate number of bytes it will write */
  begin(tickMs: number): number
  /** Continues for about `forMs` milliseconds. @returns the fraction of the round that is left; 0 at its end */
  goOn(forMs: number): number
  /** True when, at its end, there is more to write to writable listeners. */
  isMore(): boolean
}

/** Share of the time that the rounds of all streams may use; with reading and everything around them the total is about 3 %. */
const SHARE_OF_TIME = 0.02
/** Part of the time to the next round within which a spread round is over. */
const SPREAD = 0.8
/**
 * Size of a round that is not spread, in bytes: to resume a round costs as much as about twenty writes, because the caches are
 * cold by then. A network of 1 Gbit/s transfers that much in 67 ms, and it is a quarter of what fq_codel(8) holds for it. A
 * round twice as large is spread fully, one in between partly.
 */
const AT_ONCE_BYTES = 8 * 1024 * 1024

/** Approximate duration of one part of a round, in milliseconds. Other work waits meanwhile. */
const PART_MS = 3
/** Minimum pause between two parts, in milliseconds. A shorter one costs more than it spares the network. */
const WORTH_MS = 10
/** Delay of a part, caused by other work, after which the part runs longer, in milliseconds. */
const LATE_MS = 50
const LATE_PART_MS = 40

/** Margin in milliseconds: a round counts as at most twice the last one plus this margin, so that a hiccup does not matter. */
const STEP_MS = 0.25

/**
 * How early a round may start, in milliseconds and as a part of the tick: with frames for which reading was paused until then.
 */
const EARLY_MS = 3
const EARLY_PART = 0.05

/**
 * Timer of the rounds and of their parts. The tick follows the load:
 *
 * ```
 *   few listeners    |r.....|r.....       a round takes r ms, and the next one begins `shortestMs` or r / 2 % later at the soonest
 *   a thousand       |ppppp...........|ppppp...........|      in parts, so that other work runs between them
 *   thousands        |p..p..p..p......|p..p..p..p......|      and these spread over the tick, which is `longestMs` at most
 * ```
 *
 * So with few listeners frames are sent at once, or a few times a second where listeners have a burst, and with thousands one write has
 * many frames. Streams share the 2 % equally: with a hundred of them each tick is a hundred times as long, up to `longestMs`.
 */
export class Ticker {
  readonly #clock: Clock
  readonly #round: Round
  /** Earliest time of the next round, in milliseconds of the clock, and how much earlier frames may start it. */
  #nextAt = 0
  #earlyMs = 0
  #cancel: (() => void) | undefined
  #beganAt = 0
  /** Time spent in the parts of the current round. */
  #spentMs = 0
  /** Typical duration of a round. */
  #typicalMs = 0
  /** Time within which the current round must be over. */
  #spreadMs = 0
  /** Time at which the next part is due. */
  #dueAt = 0
  /** Fraction of the current round that is left; 0 between two rounds. */
  #left = 0
  readonly #run = (): void => {
    this.#cancel = undefined
    if (this.#left === 0) this.#begin()
    this.#goOn(this.#clock.now() - this.#dueAt > LATE_MS ? LATE_PART_MS : PART_MS)
  }

  constructor(clock: Clock, round: Round) {
    this.#clock = clock
    this.#round = round
  }

  /** Time until new frames start the next round, in whole milliseconds. */
  get pauseMs(): number {
    // Timers drop fractions, and would fire too early.
    return Math.max(0, Math.ceil(this.#nextAt - this.#earlyMs - this.#clock.now()))
  }

  /** Frames are ready: starts a round now or at the next tick. */
  wake(): void {
    if (this.#left > 0) return
    if (this.#nextAt - this.#clock.now() > this.#earlyMs) return this.again()
    this.#callOff()
    this.#run()
  }

  /** A listener is still behind: schedules a round at the next tick, not within this call. */
  again(): void {
    this.#schedule(this.#nextAt - this.#clock.now())
  }

  /** The time of rounds without load has become shorter: the next frames start a round. */
  hasten(): void {
    this.#nextAt = Math.min(this.#nextAt, this.#clock.now())
  }

  /** Starts a round immediately. */
  now(): void {
    this.#callOff()
    if (this.#left > 0) this.#goOn(Number.POSITIVE_INFINITY)
    this.#callOff()
    this.#run()
  }

  #schedule(ms: number): void {
    this.#cancel ??= this.#clock.after(Math.max(0, ms), this.#run)
  }

  #callOff(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  #begin(): void {
    const round = this.#round
    this.#beganAt = this.#clock.now()
    const ofLoadMs = (this.#typicalMs * round.streams()) / SHARE_OF_TIME
    const tickMs = Math.min(round.longestMs(), Math.max(round.shortestMs(), ofLoadMs))
    this.#nextAt = this.#beganAt + tickMs
    this.#earlyMs = Math.min(EARLY_MS, tickMs * EARLY_PART)
    this.#spreadMs = SPREAD * tickMs * Math.min(1, Math.max(0, round.begin(tickMs) / AT_ONCE_BYTES - 1))
    this.#dueAt = this.#beganAt
    this.#spentMs = 0
    this.#left = 1
  }

  #goOn(forMs: number): void {
    const from = this.#clock.now()
    this.#left = this.#round.goOn(forMs)
    const now = this.#clock.now()
    this.#spentMs += now - from
    if (this.#left > 0) return this.#scheduleNextPart(now, now - from)
    this.#typicalMs = Math.min(this.#spentMs, 2 * this.#typicalMs + STEP_MS)
    if (this.#round.isMore()) this.again()
  }

  #scheduleNextPart(now: number, partMs: number): void {
    const pauseMs = Math.min(partMs / SHARE_OF_TIME, this.#beganAt + this.#spreadMs * (1 - this.#left) - now)
    this.#dueAt = pauseMs < WORTH_MS ? now : now + pauseMs
    this.#callOff()
    this.#schedule(this.#dueAt - now)
  }
}
