import type { Clock } from '../system/clock.ts'

/** Watches for a source that gives nothing. */
export interface QuietLimit {
  /** The source gave something, or is listened to again. */
  heard(): void
  /** It is not listened to until `heard`: it may say what it likes. */
  rest(): void
  stop(): void
  /** For how long it has given nothing, in milliseconds; 0 while it is not listened to. */
  readonly quietMs: number
}

/** Calls `tooQuiet` once when nothing was heard for `maxQuietMs` milliseconds; 0 is never. */
export function createQuietLimit(maxQuietMs: number, clock: Clock, tooQuiet: () => void): QuietLimit {
  let heardAt = clock.now()
  let isResting = false
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
    get quietMs() {
      return isResting ? 0 : clock.now() - heardAt
    },
    heard() {
      heardAt = clock.now()
      isResting = false
      if (cancel === undefined && maxQuietMs > 0) look()
    },
    rest() {
      isResting = true
      stop()
    },
    stop,
  }
}
