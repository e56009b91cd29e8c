import type { Ring } from '../ring/ring.ts'

/** Minimum pause of reading, in milliseconds. A shorter one costs more than it saves. */
const WORTH_MS = 20
/** Maximum bytes that wait in a pipe: a quarter of what Linux pipes hold, so that a writer never has to wait. */
const WAITING_BYTES = 16 * 1024
const US_PER_MS = 1000

/**
 * Returns how long reading of a source may pause, in milliseconds; 0: read on. With thousands of listeners frames wait for the
 * next tick anyway, and each read costs as much as about twenty writes.
 * @param wantedMs milliseconds until a watcher of the frames needs more of them.
 */
export function readPauseMs(ring: Ring, wantedMs: number): number {
  if (wantedMs < WORTH_MS || ring.us === 0) return 0
  const pauseMs = Math.min(wantedMs, (WAITING_BYTES * ring.us) / ring.bytes / US_PER_MS)
  return pauseMs < WORTH_MS ? 0 : pauseMs
}
