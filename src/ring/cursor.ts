import type { RingView } from '../../filters/frame-filter.ts'

/** How much of the past somebody begins with. */
export interface Burst {
  /** At least so many microseconds. */
  readonly us: number
  /** And at least so many bytes, as long as they last no longer than `mostUs` microseconds. */
  readonly bytes: number
  readonly mostUs: number
}

/** When so many frames in a row do not say how long they last, none does. */
const UNTIMED_FRAMES = 256

/**
 * Where a listener with a burst starts: as many frames before the newest as it takes to cover it, but not before `floor`, and
 * always at a whole frame. Without a burst, or where times are unknown, at the newest frame.
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
