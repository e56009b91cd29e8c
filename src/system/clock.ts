/** Clock of the program; tests use one that they advance themselves. */
export interface Clock {
  /** Milliseconds since an arbitrary time; never decreases. */
  now(): number
  /** Calls `then` once, `ms` milliseconds from now. @returns a function that cancels the call. */
  after(ms: number, then: () => void): () => void
}

/** The monotonic time of the machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, then) {
    // A timer takes at least a millisecond, even in an idle process.
    if (ms <= 0) {
      const turn = setImmediate(then)
      return () => clearImmediate(turn)
    }
    const timer = setTimeout(then, ms)
    return () => clearTimeout(timer)
  },
}

/** Resolves after `ms` milliseconds, or when `signal` aborts; never rejects. */
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

/** Runs a task `ms` milliseconds from now, and again that time after each end of it; the task must not reject. @returns stops it */
export function repeat(clock: Clock, ms: number, task: () => Promise<void>): () => void {
  let isStopped = false
  let cancel: (() => void) | undefined
  const wait = () => {
    if (!isStopped) cancel = clock.after(ms, () => void task().then(wait))
  }
  wait()
  return () => {
    isStopped = true
    cancel?.()
  }
}

/** Resolves or rejects like `promise`, or resolves with undefined after `ms` milliseconds. */
export async function inTime<T>(clock: Clock, ms: number, promise: Promise<T>): Promise<T | undefined> {
  const waiting = new AbortController()
  try {
    return await Promise.race([promise, pause(clock, ms, waiting.signal).then(() => undefined)])
  } finally {
    waiting.abort()
  }
}
