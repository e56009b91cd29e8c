import type { RingView } from '../../filters/frame-filter.ts'

const US_PER_MS = 1000

/**
 * How far behind the newest frame a listener begins who asks for a certain frame, in milliseconds. Half a frame is left off: the
 * frame that a burst reaches into is its first one, whatever sums of fractions come to.
 * @returns undefined for a frame that is far off: whoever asks for it knows another stream
 */
export function burstBackTo(frame: number, ring: RingView): number | undefined {
  if (frame > ring.next) return undefined
  let us = 0
  for (let seq = Math.max(frame, ring.first); seq < ring.next; seq++) us += ring.at(seq)?.durationUs ?? 0
  const half = (ring.at(Math.max(frame, ring.first))?.durationUs ?? 0) / 2
  return (us - half) / US_PER_MS
}
