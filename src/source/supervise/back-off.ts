import type { Source } from '../source.ts'

/** Result of an opening. */
export interface Outcome {
  /** Duration from open to close, in milliseconds. */
  readonly livedMs: number
  /** Number of frames emitted; bytes of a refused format yield none. */
  readonly frames: number
  /** Its frames were emitted in real time, so that it did not end too early, however short it was. */
  readonly paced: boolean
  /** It ended other than by reaching its end, or its bytes were not usable. */
  readonly failed: boolean
}

/** Pauses before a source is opened again. */
export interface BackOff {
  /** Returns the time to wait now, in milliseconds. */
  next(outcome: Outcome): number
}

const FIRST_PAUSE_MS = 100
/** Maximum pause between two openings, in milliseconds. */
export const LONGEST_PAUSE_MS = 10_000
/** Duration after which an opening that yielded frames did not fail at once, in milliseconds. */
export const HEALTHY_AFTER_MS = 1_000

/**
 * The pause doubles, from 0.1 s up to 10 s, while the source fails at once, and is reset by a healthy opening. A patient
 * source, which blocks until there is data, needs no pause after it has yielded frames, nor does one that was played in real
 * time. A source with several tries pauses only after that number of failed openings, each time.
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
