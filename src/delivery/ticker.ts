import type { Clock } from '../clock.ts'

/** Says when it is time for a round. */
export interface Ticker {
  /** There is something to write: a round is due now or at the next tick. */
  wake(): void
  /** Somebody has not got all that there was: a round at the next tick, but not within this call. */
  again(): void
  /** A round now, whatever the time. */
  now(): void
}

/** Rounds may take this part of the time. */
const SHARE_OF_TIME = 0.03

/**
 * Makes a ticker. `round` says whether there is more to write for those who are ready.
 *
 * The tick follows the load. A round that took r ms is followed by the next one no sooner than r / 3 % later, and no later
 * than `maxDelayMs`: with a few listeners frames leave at once, with thousands many frames leave in one write.
 */
export function createTicker(maxDelayMs: number, clock: Clock, round: () => boolean): Ticker {
  let nextAt = 0
  let cancel: (() => void) | undefined
  const run = () => {
    cancel?.()
    cancel = undefined
    const startedAt = clock.now()
    const isMore = round()
    nextAt = startedAt + Math.min(maxDelayMs, (clock.now() - startedAt) / SHARE_OF_TIME)
    if (isMore) again()
  }
  const again = () => {
    cancel ??= clock.after(Math.max(0, nextAt - clock.now()), run)
  }
  return {
    wake() {
      if (cancel !== undefined) return
      if (nextAt <= clock.now()) run()
      else again()
    },
    again,
    now: run,
  }
}
