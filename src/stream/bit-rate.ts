import type { Ring } from '../ring/ring.ts'

/** Returns the bit rate of the frames of a ring, in bit/s; undefined without frames, or when frames have no duration. */
export function bitRateOf({ bytes, us }: Pick<Ring, 'bytes' | 'us'>): number | undefined {
  return us > 0 ? (bytes * 8e6) / us : undefined
}

/** Returns the same in kbit/s, as a whole number. */
export function kbpsOf(ring: Pick<Ring, 'bytes' | 'us'>): number | undefined {
  const rate = bitRateOf(ring)
  return rate === undefined ? undefined : Math.round(rate / 1000)
}
