/** Time as the program sees it, so that tests need not wait for it. */
export interface Clock {
  /** Milliseconds since some moment in the past; never goes back. */
  now(): number
  /** Calls `then` once, `ms` milliseconds from now. @returns a function that calls it off. */
  after(ms: number, then: () => void): () => void
}

/** The machine's own monotonic time. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, then) {
    // A timer takes a millisecond at least, even when nothing else is to do.
    if (ms <= 0) {
      const turn = setImmediate(then)
      return () => clearImmediate(turn)
    }
    const timer = setTimeout(then, ms)
    return () => clearTimeout(timer)
  },
}

/** Waits `ms` milliseconds, or until `signal`, if there is one, says stop; it never rejects. */
export function pause(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      cancel()
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const cancel = clock.after(ms, done)
    signal?.addEventListener('abort', done)
  })
}
