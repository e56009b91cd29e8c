import type { Clock } from '../../system/clock.ts'

/** Timeout of a source that yields nothing. */
export interface QuietLimit {
  /** The source has yielded bytes, or is read again. */
  restart(): void
  /** Suspends the timeout until `restart`, because the source is not being read. */
  suspend(): void
  stop(): void
  /** Time since the last bytes, in milliseconds; 0 while the source is not being read. */
  readonly quietMs: number
}

/** Calls `tooQuiet` once after `maxQuietMs` milliseconds without bytes; 0 disables it. */
export function createQuietLimit(maxQuietMs: number, clock: Clock, tooQuiet: () => void): QuietLimit {
  let restartedAt = clock.now()
  let isSuspended = false
  let cancel: (() => void) | undefined
  // One timer per interval, not one per chunk.
  const check = (): void => {
    const leftMs = restartedAt + maxQuietMs - clock.now()
    if (leftMs <= 0) tooQuiet()
    else cancel = clock.after(leftMs, check)
  }
  const stop = () => {
    cancel?.()
    cancel = undefined
  }
  if (maxQuietMs > 0) check()
  return {
    get quietMs() {
      return isSuspended ? 0 : clock.now() - restartedAt
    },
    restart() {
      restartedAt = clock.now()
      isSuspended = false
      if (cancel === undefined && maxQuietMs > 0) check()
    },
    suspend() {
      isSuspended = true
      stop()
    },
    stop,
  }
}
