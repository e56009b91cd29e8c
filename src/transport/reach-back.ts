import type { RingView } from '../../filters/frame-filter.ts'

const US_PER_MS = 1000

/**
 * Burst for a listener that requests a certain frame, in milliseconds behind the newest one. It is half a frame shorter: a
 * burst begins with the frame that it reaches into, so rounding of fractions cannot select the frame before it.
 * @returns undefined for a frame that is ahead of the ring: the number is of another stream
 */
export function burstBackTo(frame: number, ring: RingView): number | undefined {
  if (frame > ring.next) return undefined
  let us = 0
  for (let seq = Math.max(frame, ring.first); seq < ring.next; seq++) us += ring.at(seq)?.durationUs ?? 0
  const half = (ring.at(Math.max(frame, ring.first))?.durationUs ?? 0) / 2
  return (us - half) / US_PER_MS
}
