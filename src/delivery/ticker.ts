import type { Clock } from '../system/clock.ts'

/** Timer of the rounds and of their parts. */
export interface Ticker {
  /** Frames are ready: starts a round now or at the next tick. */
  wake(): void
  /** A listener is still behind: schedules a round at the next tick, not within this call. */
  again(): void
  /** Starts a round immediately. */
  now(): void
  /** Time until new frames start the next round, in whole milliseconds. */
  readonly pauseMs: number
}

/** A round over the listeners, in parts that are short enough for other work to run in between. */
export interface Round {
  /** Maximum time from the start of one round to that of the next, in milliseconds. */
  longestMs(): number
  /** Number of streams that share the time of this thread. */
  streams(): number
  /** Starts a round. @returns the approximate number of bytes it will write */
  begin(): number
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
 * Makes a ticker. The tick follows the load:
 *
 * ```
 *   few listeners    |r|r|r|r|r|r        a round takes r ms, and the next one begins r / 2 % later at the soonest
 *   a thousand       |ppppp...........|ppppp...........|      in parts, so that other work runs between them
 *   thousands        |p..p..p..p......|p..p..p..p......|      and these spread over the tick, which is `longestMs` at most
 * ```
 *
 * So with few listeners frames are sent at once, and with thousands one write has many frames. Streams share the 2 % equally:
 * with a hundred of them each tick is a hundred times as long, up to `longestMs`.
 */
export function createTicker(clock: Clock, round: Round): Ticker {
  let nextAt = 0
  let earlyMs = 0
  let cancel: (() => void) | undefined
  let beganAt = 0
  let spentMs = 0
  /** Typical duration of a round. */
  let typicalMs = 0
  /** Time within which the current round must be over. */
  let spreadMs = 0
  /** Time at which the next part is due. */
  let dueAt = 0
  /** Fraction of the current round that is left; 0 between two rounds. */
  let left = 0

  const at = (ms: number, then: () => void) => {
    cancel ??= clock.after(Math.max(0, ms), then)
  }
  const again = () => at(nextAt - clock.now(), run)

  function callOff(): void {
    cancel?.()
    cancel = undefined
  }

  function run(): void {
    cancel = undefined
    if (left === 0) begin()
    goOn(clock.now() - dueAt > LATE_MS ? LATE_PART_MS : PART_MS)
  }

  function begin(): void {
    beganAt = clock.now()
    const tickMs = Math.min(round.longestMs(), (typicalMs * round.streams()) / SHARE_OF_TIME)
    nextAt = beganAt + tickMs
    earlyMs = Math.min(EARLY_MS, tickMs * EARLY_PART)
    spreadMs = SPREAD * tickMs * Math.min(1, Math.max(0, round.begin() / AT_ONCE_BYTES - 1))
    dueAt = beganAt
    spentMs = 0
    left = 1
  }

  function goOn(forMs: number): void {
    const from = clock.now()
    left = round.goOn(forMs)
    const now = clock.now()
    spentMs += now - from
    if (left > 0) {
      const pauseMs = Math.min((now - from) / SHARE_OF_TIME, beganAt + spreadMs * (1 - left) - now)
      dueAt = pauseMs < WORTH_MS ? now : now + pauseMs
      callOff()
      at(dueAt - now, run)
      return
    }
    typicalMs = Math.min(spentMs, 2 * typicalMs + STEP_MS)
    if (round.isMore()) again()
  }

  return {
    get pauseMs() {
      // Timers drop fractions, and would fire too early.
      return Math.max(0, Math.ceil(nextAt - earlyMs - clock.now()))
    },
    wake() {
      if (left > 0) return
      if (nextAt - clock.now() > earlyMs) return again()
      callOff()
      run()
    },
    again,
    now() {
      callOff()
      if (left > 0) goOn(Number.POSITIVE_INFINITY)
      callOff()
      run()
    },
  }
}
