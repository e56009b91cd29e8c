import type { Clock } from '../../system/clock.ts'

/** Differences between two readings that are rounding, in milliseconds; NTP changes the system time by more only now and then. */
const ROUNDING_MS = 5

/**
 * Returns a function that returns the offset of the system time to the clock, in milliseconds: the same as long as the system time is
 * not set, so that the same time always is the same frame.
 */
export function createSteadyOffset(clock: Clock, wallClock: () => number = Date.now): () => number {
  let kept = Number.NaN
  return () => {
    const offset = wallClock() - clock.now()
    if (!(Math.abs(offset - kept) <= ROUNDING_MS)) kept = offset
    return kept
  }
}
