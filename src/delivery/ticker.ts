import type { Clock } from '../system/clock.ts'

/** Says when it is time for a round, and for its next part. */
export interface Ticker {
  /** There is something to write: a round is due now or at the next tick. */
  wake(): void
  /** Somebody has not got all that there was: a round at the next tick, but not within this call. */
  again(): void
  /** A round now, whatever the time. */
  now(): void
  /** How long it is until frames that come begin the next round, in whole milliseconds. */
  readonly restMs: number
}

/** A round over the listeners, in parts that are short enough for all else to have its turn in between. */
export interface Round {
  /** The longest time from the beginning of one round to that of the next, in milliseconds. */
  longestMs(): number
  /** @returns how many bytes it is to write in all, about */
  begin(): number
  /** Goes on for about so many milliseconds. @returns which part of the round is still to do: 0 when none is */
  goOn(forMs: number): number
  /** Whether, at its end, there is more to write for those who are ready. */
  isMore(): boolean
}

/** Rounds may take this part of the time; with reading, and all else around them, it is about 3 %. */
const SHARE_OF_TIME = 0.02
/** A spread round is over in this part of the time to the next one. */
const SPREAD = 0.8
/**
 * A round of so many bytes goes at once: to begin anew costs as much as some twenty writes, for the caches are cold by then. It
 * is what a network of 1 Gbit/s takes in 67 ms, and a quarter of what fq_codel(8) holds for it. A round twice as large is spread,
 * and those between are a little.
 */
const AT_ONCE_BYTES = 8 * 1024 * 1024

/** A part of a round takes about so long: all else waits meanwhile. In milliseconds. */
const PART_MS = 3
/** A shorter pause between two parts costs more than it spares the network, in milliseconds. */
const WORTH_MS = 10
/** Where all else takes so long that a part comes later than this, it goes on for longer. In milliseconds. */
const LATE_MS = 50
const LATE_PART_MS = 40

/** Rounds seem to take at most twice as long as the last one, and so much more, in milliseconds: a hiccup is none of them. */
const STEP_MS = 0.25

/** A round may begin so early, in milliseconds or as a part of the tick: with the frames that somebody rested for until then. */
const EARLY_MS = 3
const EARLY_PART = 0.05

/**
 * Makes a ticker. The tick follows the load:
 *
 * ```
 *   few listeners    |r|r|r|r|r|r        a round takes r ms, and the next one begins r / 2 % later at the soonest
 *   a thousand       |ppppp...........|ppppp...........|      in parts, so that all else has its turn between them
 *   thousands        |p..p..p..p......|p..p..p..p......|      and these spread over the tick, which is `longestMs` at most
 * ```
 *
 * So with a few listeners frames leave at once, and with thousands many frames leave in one write.
 */
export function createTicker(clock: Clock, round: Round): Ticker {
  let nextAt = 0
  let earlyMs = 0
  let cancel: (() => void) | undefined
  let beganAt = 0
  let spentMs = 0
  /** How long rounds take. */
  let typicalMs = 0
  /** In this time the round under way is to be over. */
  let spreadMs = 0
  /** When its next part is to come. */
  let dueAt = 0
  /** Which part of it is still to do; 0 between two rounds. */
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
    const tickMs = Math.min(round.longestMs(), typicalMs / SHARE_OF_TIME)
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
    get restMs() {
      // Timers drop fractions, and would be too early.
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
