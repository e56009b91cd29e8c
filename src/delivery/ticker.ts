import type { Clock } from '../clock.ts'

/** Says when it is time for a round. */
export interface Ticker {
  /** There is something to write: a round is due now or at the next tick. */
  wake(): void
  /** A round now, whatever the time. */
  now(): void
}

/** Rounds may take this part of the time. */
const SHARE_OF_TIME = 0.03

/**
 * The tick follows the load. A round that took r ms is followed by the next one no sooner than r / 3 % later, and no later
 * than `maxDelayMs`: with a few listeners frames leave at once, with thousands many frames leave in one write.
 */
export function createTicker(maxDelayMs: number, clock: Clock, round: () => void): Ticker {
  let nextAt = 0
  let cancel: (() => void) | undefined
  const run = () => {
    cancel?.()
    cancel = undefined
    const startedAt = clock.now()
    round()
    nextAt = startedAt + Math.min(maxDelayMs, (clock.now() - startedAt) / SHARE_OF_TIME)
  }
  return {
    wake() {
      if (cancel !== undefined) return
      const waitMs = nextAt - clock.now()
      if (waitMs <= 0) run()
      else cancel = clock.after(waitMs, run)
    },
    now: run,
  }
}
