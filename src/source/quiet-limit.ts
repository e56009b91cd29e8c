import type { Clock } from '../clock.ts'

/** Watches for a source that gives nothing. */
export interface QuietLimit {
  /** The source gave something. */
  heard(): void
  stop(): void
}

/** Calls `tooQuiet` once when nothing was heard for `maxQuietMs` milliseconds; 0 is never. */
export function createQuietLimit(maxQuietMs: number, clock: Clock, tooQuiet: () => void): QuietLimit {
  let heardAt = clock.now()
  let cancel: (() => void) | undefined
  // One timer for a whole interval, not one for each chunk.
  const look = (): void => {
    const leftMs = heardAt + maxQuietMs - clock.now()
    if (leftMs <= 0) tooQuiet()
    else cancel = clock.after(leftMs, look)
  }
  if (maxQuietMs > 0) look()
  return {
    heard() {
      heardAt = clock.now()
    },
    stop: () => cancel?.(),
  }
}
