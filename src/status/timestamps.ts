import type { Clock } from '../system/clock.ts'
import { isoTime } from '../text/utc-time.ts'

/** Converts moments of the clock, in milliseconds, to times in UTC: `2026-05-31T12:00:00Z`. */
export type Moments = (at: number) => string

/** Must be called for each report, because the system time may have been set since, which does not change the clock. */
export function momentsNow(clock: Clock): Moments {
  const offset = Date.now() - clock.now()
  return (at) => `${isoTime(Math.round((at + offset) / 1000) * 1000).slice(0, 19)}Z`
}
