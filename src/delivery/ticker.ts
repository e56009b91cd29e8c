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
  /** Goes on for a while, or with `whole` to the end. @returns which part of the round is still to do: 0 when none is */
  goOn(whole: boolean): number
  /** Whether, at its end, there is more to write for those who are ready. */
  isMore(): boolean
}

/** Rounds may take this part of the time. */
const SHARE_OF_TIME = 0.03
/** A round is over in this part of the time to the next one. */
const SPREAD = 0.8

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
    goOn(false)
  }

  function begin(): void {
    beganAt = clock.now()
    spentMs = 0
    left = 1
    round.begin()
  }

  function goOn(whole: boolean): void {
    const from = clock.now()
    const before = left
    left = round.goOn(whole)
    const tookMs = clock.now() - from
    spentMs += tookMs
    const longestMs = round.longestMs()
    if (left > 0) {
      at(Math.min(tookMs / SHARE_OF_TIME, SPREAD * longestMs * (before - left)), run)
      return
    }
    tickMs = Math.min(longestMs, spentMs / SHARE_OF_TIME)
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
      if (left > 0) goOn(true)
      callOff()
      run()
    },
  }
}
