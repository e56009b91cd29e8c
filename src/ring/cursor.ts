import type { RingView } from '../../filters/frame-filter.ts'

/** Amount of past sound with which a listener starts. */
export interface Burst {
  /** Minimum duration, in microseconds. */
  readonly us: number
  /** Minimum size, in bytes, unless that lasts longer than `mostUs` microseconds. */
  readonly bytes: number
  readonly mostUs: number
}

/** Number of consecutive frames without a duration after which all are assumed to have none. */
const UNTIMED_FRAMES = 256

/**
 * Returns the first frame of a listener with a burst: as many frames before the newest as cover the burst, but not before
 * `floor`. Without a burst, or where durations are unknown, it is the newest frame.
 */
export function startOf(ring: RingView, burst: Burst, floor: number): number {
  const oldest = Math.max(ring.first, floor)
  const newest = Math.max(oldest, ring.next - 1)
  let us = 0
  let bytes = 0
  let start = newest + 1
  do {
    const frame = ring.at(--start)
    us += frame?.durationUs ?? 0
    bytes += frame?.bytes.length ?? 0
    if (us === 0 && newest - start >= UNTIMED_FRAMES) break
  } while (start > oldest && (us < burst.us || (bytes < burst.bytes && us < burst.mostUs)))
  return us === 0 ? newest : start
}
