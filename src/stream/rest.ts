import type { Ring } from '../ring/ring.ts'
import type { FrameWatcher } from './frame-watcher.ts'

/** A shorter rest costs more than it saves, in milliseconds. */
const WORTH_MS = 20
/** So much may wait in a pipe: a quarter of what Linux' hold, so that no writer has to wait. In bytes. */
const WAITING_BYTES = 16 * 1024
const US_PER_MS = 1000

/**
 * How long a source need not be read, in milliseconds; 0: read on. With thousands of listeners frames wait for the next tick
 * anyway, and each reading costs as much as some twenty writes.
 */
export function usefulRest({
  ring,
  watcher,
}: {
  readonly ring: Ring
  readonly watcher: FrameWatcher | undefined
}): number {
  if (watcher === undefined || ring.us === 0) return 0
  const restMs = Math.min(watcher.restMs, (WAITING_BYTES * ring.us) / ring.bytes / US_PER_MS)
  return restMs < WORTH_MS ? 0 : restMs
}
