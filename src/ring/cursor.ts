import type { RingView } from '../../filters/frame-filter.ts'

/**
 * Where a listener with `burstUs` microseconds of burst starts: as many frames before the newest as it takes to cover them,
 * but not before `floor`, and always at a whole frame. Without a burst, or where times are unknown, at the newest frame.
 */
export function startOf(ring: RingView, burstUs: number, floor: number): number {
  const oldest = Math.max(ring.first, floor)
  let seq = Math.max(oldest, ring.next - 1)
  let us = ring.at(seq)?.durationUs ?? 0
  if (us === 0) return seq
  while (us < burstUs && seq > oldest) us += ring.at(--seq)?.durationUs ?? 0
  return seq
}
