import type { Clock } from '../clock.ts'

/** Says when it is time for a round, and for its next part. */
export interface Ticker {
  /** There is something to write: a round is due now or at the next tick. */
  wake(): void
  /** Somebody has not got all that there was: a round at the next tick, but not within this call. */
  again(): void
  /** A round now, whatever the time. */
  now(): void
  /** How long it is until frames are wanted for the next round that can still get them, in milliseconds. */
  readonly restMs: number
}

/** A round over the listeners, in parts that are short enough for all else to have its turn in between. */
export interface Round {
  /** The longest time from the beginning of one round to that of the next, in milliseconds. */
  longestMs(): number
  begin(): void
  /** Goes on for about so many milliseconds. @returns which part of the round is still to do: 0 when none is */
  goOn(forMs: number): number
  /** Whether, at its end, there is more to write for those who are ready. */
  isMore(): boolean
}

/** Rounds may take this part of the time. */
const SHARE_OF_TIME = 0.03
/** A round is over in this part of the time to the next one. */
const SPREAD = 0.8

/** A part of a round takes about so long: all else waits meanwhile. In milliseconds. */
const PART_MS = 3
/** Where all else takes so long that a part comes later than this, it goes on for longer. In milliseconds. */
const LATE_MS = 50
const LATE_PART_MS = 40

/** Rounds seem to take at most twice as long as the last one, and so much more, in milliseconds: a hiccup is none of them. */
const STEP_MS = 0.25

/** What is to be in a round should come so long before it, in milliseconds. */
const AHEAD_MS = 10

/**
 * Makes a ticker. The tick follows the load:
 *
 * ```
 *   few listeners    |r|r|r|r|r|r        a round takes r ms, and the next one begins r / 3 % later at the soonest
 *   thousands        |p..p..p..p......|p..p..p..p......|      in parts, spread over the tick, which is `longestMs` at most
 * ```
 *
 * So with a few listeners frames leave at once, and with thousands many frames leave in one write.
 */
export function createTicker(clock: Clock, round: Round): Ticker {
  let nextAt = 0
  let tickMs = 0
  let cancel: (() => void) | undefined
  let beganAt = 0
  let spentMs = 0
  /** How long rounds take. */
  let typicalMs = 0
  /** When the next part is to come. */
  let dueAt = 0
  /** Which part of the round is still to do; 0 between two rounds. */
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
    dueAt = beganAt
    spentMs = 0
    left = 1
    round.begin()
  }

  function goOn(forMs: number): void {
    const from = clock.now()
    left = round.goOn(forMs)
    const now = clock.now()
    const longestMs = round.longestMs()
    spentMs += now - from
    if (left > 0) {
      dueAt = Math.min(now + (now - from) / SHARE_OF_TIME, beganAt + SPREAD * longestMs * (1 - left))
      at(dueAt - now, run)
      return
    }
    typicalMs = Math.min(spentMs, 2 * typicalMs + STEP_MS)
    tickMs = Math.min(longestMs, typicalMs / SHARE_OF_TIME)
    nextAt = beganAt + tickMs
    if (round.isMore()) again()
  }

  return {
    get restMs() {
      // How long this round takes is known when it is over; until then it is taken to be like the last one.
      const dueMs = (left > 0 ? beganAt + tickMs : nextAt) - clock.now()
      return Math.max(0, dueMs > AHEAD_MS ? dueMs - AHEAD_MS : dueMs + tickMs - AHEAD_MS)
    },
    wake() {
      if (cancel !== undefined) return
      if (nextAt <= clock.now()) run()
      else again()
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
