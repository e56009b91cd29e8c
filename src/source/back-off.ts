/** The pauses before a source is opened again. */
export interface BackOff {
  /** How long to wait now, in milliseconds, after an opening that lasted `livedMs` and gave `bytes` bytes. */
  next(livedMs: number, bytes: number): number
}

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 10_000
/** An opening that gave bytes for so long did not fail at once. */
const HEALTHY_AFTER_MS = 1_000

/**
 * The pause doubles, from 0.1 s up to 10 s, as long as the source fails at once, and starts anew after a healthy opening.
 * A patient source, which waits by itself, needs no pause after it has given something.
 */
export function createBackOff(patient: boolean): BackOff {
  let pauseMs = 0
  return {
    next(livedMs, bytes) {
      const healthy = bytes > 0 && (patient || livedMs >= HEALTHY_AFTER_MS)
      if (healthy && patient) pauseMs = 0
      else pauseMs = healthy || pauseMs === 0 ? FIRST_PAUSE_MS : Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
      return pauseMs
    },
  }
}
