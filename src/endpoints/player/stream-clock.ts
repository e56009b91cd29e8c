import { randomUUID } from 'node:crypto'
import type { RingView } from '../../../filters/frame-filter.ts'
import type { StreamMs } from './player-news.ts'

/** Frames with the sum of their durations, in microseconds. */
interface TimedRing extends RingView {
  readonly us: number
}

/** Measures time in a stream by its sound: each frame advances the timeline by its duration. */
export interface StreamClock {
  /** Identifies the timeline; unique to this clock. */
  readonly line: string
  /** Returns the end of the newest frame. */
  newest(): StreamMs
  /** Returns the start of a frame; for one that the ring has dropped, that of the oldest frame in the ring. */
  momentOf(frame: number): StreamMs
}

const US_PER_MS = 1000

/**
 * The clock is updated only when it is read. Frames that were added and dropped since the last read are assumed to have the
 * average duration of those in the ring, which is exact for MP3, AAC and samples.
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
