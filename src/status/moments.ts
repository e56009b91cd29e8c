import type { Clock } from '../system/clock.ts'

/** Tells moments of the clock, in milliseconds, as times of day in UTC: `2026-05-31T12:00:00Z`. */
export type Moments = (at: number) => string

/** Made anew for each report: the time of day may have been set meanwhile, which the clock knows nothing of. */
export function momentsNow(clock: Clock): Moments {
  const offset = Date.now() - clock.now()
  return (at) => `${new Date(Math.round((at + offset) / 1000) * 1000).toISOString().slice(0, 19)}Z`
}
