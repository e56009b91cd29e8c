import type { Clock } from '../../system/clock.ts'

/** Timeout of a source that yields nothing. */
export interface QuietLimit {
  /** The source has yielded bytes, or is read again. */
  heard(): void
  /** Pauses the timeout until `heard`, because the source is not being read. */
  rest(): void
  stop(): void
  /** Time since the last bytes, in milliseconds; 0 while the source is not being read. */
  readonly quietMs: number
}

/** Calls `tooQuiet` once after `maxQuietMs` milliseconds without bytes; 0 disables it. */
export function createQuietLimit(maxQuietMs: number, clock: Clock, tooQuiet: () => void): QuietLimit {
  let heardAt = clock.now()
  let isResting = false
  let cancel: (() => void) | undefined
  // One timer per interval, not one per chunk.
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
