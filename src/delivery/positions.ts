import type { Timeline } from '../stream/timeline.ts'

/** Positions of the frames in a ring, in microseconds. */
export interface Positions {
  readonly positionOf: (seq: number) => number
  /** Returns the first frame whose position is `us` or later; the next frame when none is. */
  readonly seqAt: (us: number) => number
}

const US_PER_MS = 1000

/** Returns positions by sound; where frames have no known duration, by the time of their arrival. */
export function positionsOf(ring: { readonly us: number }, timeline: Timeline): Positions {
  if (ring.us > 0) return { positionOf: (seq) => timeline.usOf(seq), seqAt: (us) => timeline.seqAtUs(us) }
  return {
    positionOf: (seq) => (timeline.timeOf(seq) ?? 0) * US_PER_MS,
    seqAt: (us) => timeline.seqAt(us / US_PER_MS),
  }
}
