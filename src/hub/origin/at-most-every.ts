import type { Clock } from '../../system/clock.ts'

/** Work that is requested more often than it is to be done. */
export interface Limited {
  /** Does it now, or when its time has passed since the last time; requests meanwhile are one. */
  request(): void
  /** Forgets a request that waits. */
  end(): void
}

/** @param ms minimum time between two runs, in milliseconds */
export function atMostEvery(ms: number, clock: Clock, run: () => void): Limited {
  let lastAt = Number.NEGATIVE_INFINITY
  let cancel: (() => void) | undefined
  const runNow = () => {
    cancel = undefined
    lastAt = clock.now()
    run()
  }
  return {
    request() {
      if (cancel !== undefined) return
      const waitMs = lastAt + ms - clock.now()
      if (waitMs > 0) cancel = clock.after(waitMs, runNow)
      else runNow()
    },
    end() {
      cancel?.()
      cancel = undefined
    },
  }
}
