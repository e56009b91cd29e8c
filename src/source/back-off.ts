import type { Source } from './source.ts'

/** What came of an opening. */
export interface Outcome {
  /** How long it lasted, in milliseconds. */
  readonly livedMs: number
  /** Frames that were emitted; bytes of a refused format give none. */
  readonly frames: number
  /** Its frames took the time that they last, so that it was not hasty, however short. */
  readonly paced: boolean
  /** It ended otherwise than by its end, or nothing could be made of its bytes. */
  readonly failed: boolean
}

/** The pauses before a source is opened again. */
export interface BackOff {
  /** How long to wait now, in milliseconds. */
  next(outcome: Outcome): number
}

const FIRST_PAUSE_MS = 100
/** Longest pause between two openings, in milliseconds. */
export const LONGEST_PAUSE_MS = 10_000
/** An opening that gave frames for so long did not fail at once. */
export const HEALTHY_AFTER_MS = 1_000

/**
 * The pause doubles, from 0.1 s up to 10 s, as long as the source fails at once, and starts anew after a healthy opening.
 * A patient source, which waits by itself, needs no pause after it has given something, nor does one that was played in its
 * time. Where there are several tries, so many openings may fail before there is a pause, and then so many again.
 */
export function createBackOff(source: Pick<Source, 'patient' | 'tries'>): BackOff {
  let pauseMs = 0
  let failures = 0
  return {
    next({ livedMs, frames, paced, failed }) {
      const waits = !failed && (source.patient === true || paced)
      const healthy = frames > 0 && (waits || livedMs >= HEALTHY_AFTER_MS)
      failures = failed ? failures + 1 : 0
      if (healthy && waits) pauseMs = 0
      else if (failures % (source.tries ?? 1) !== 0) return 0
      else pauseMs = healthy || pauseMs === 0 ? FIRST_PAUSE_MS : Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
      return pauseMs
    },
  }
}
