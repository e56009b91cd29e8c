import { randomUUID } from 'node:crypto'
import type { RingView } from '../../filters/frame-filter.ts'
import type { StreamMs } from './player-news.ts'

/** Frames with the sum of their times, in microseconds. */
interface TimedRing extends RingView {
  readonly us: number
}

/** Measures a stream by its own sound: each frame takes as long on the line of time as it sounds. */
export interface StreamClock {
  /** Of this clock alone. */
  readonly line: string
  /** The moment behind the newest frame. */
  newest(): StreamMs
  /** The moment that a frame begins at; of one that is no more in the ring: the oldest there is. */
  momentOf(frame: number): StreamMs
}

const US_PER_MS = 1000

/**
 * Nothing is counted while nobody asks. Frames that have come and gone since the last question are taken for as long as
 * those that are there, which is exact for MP3, AAC and samples.
 */
export function createStreamClock(ring: TimedRing): StreamClock {
  const line = randomUUID()
  let seen = ring.next
  let us = 0
  const lookOn = () => {
    if (seen < ring.first) {
      us += (ring.first - seen) * (ring.us / Math.max(1, ring.next - ring.first))
      seen = ring.first
    }
    us += lastingUs(ring, seen, ring.next)
    seen = ring.next
    return us
  }
  return {
    line,
    newest: () => lookOn() / US_PER_MS,
    momentOf: (frame) => (lookOn() - lastingUs(ring, Math.max(frame, ring.first), ring.next)) / US_PER_MS,
  }
}

function lastingUs(ring: RingView, from: number, to: number): number {
  let us = 0
  for (let seq = from; seq < to; seq++) us += ring.at(seq)?.durationUs ?? 0
  return us
}
