import type { Clock } from '../clock.ts'

/** Watches for a source that gives nothing. */
export interface QuietLimit {
  /** The source gave something, or is listened to again. */
  heard(): void
  /** It is not listened to until `heard`: it may say what it likes. */
  rest(): void
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
  const stop = () => {
    cancel?.()
    cancel = undefined
  }
  if (maxQuietMs > 0) look()
  return {
    heard() {
      heardAt = clock.now()
      if (cancel === undefined && maxQuietMs > 0) look()
    },
    rest: stop,
    stop,
  }
}
