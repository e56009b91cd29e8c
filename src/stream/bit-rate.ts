import type { RecentFrames } from '../ring/ring.ts'

/** A ring, or the totals of its frames. */
interface MeasuredRing {
  readonly bytes: number
  readonly us: number
  /** Undefined: all of them. */
  readonly recent?: RecentFrames
}

/** Returns the bit rate of the newest frames of a ring, in bit/s; undefined without frames, or when frames have no duration. */
export function bitRateOf(ring: MeasuredRing): number | undefined {
  const { bytes, us } = ring.recent ?? ring
  return us > 0 ? (bytes * 8e6) / us : undefined
}

/** Returns the same in kbit/s, as a whole number. */
export function kbpsOf(ring: MeasuredRing): number | undefined {
  const rate = bitRateOf(ring)
  return rate === undefined ? undefined : Math.round(rate / 1000)
}
