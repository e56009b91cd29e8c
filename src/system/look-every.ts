/**
 * Calls `look` about every `ms` milliseconds while the program runs, which that alone does not keep running. All looks are at whole
 * multiples of their intervals, so that those of a program share its wake-ups. @returns stops it
 */
export function lookEvery(ms: number, look: () => void): () => void {
  let timer: NodeJS.Timeout
  const wait = () => {
    timer = setTimeout(next, untilNextLook(performance.now(), ms)).unref()
  }
  const next = () => {
    look()
    wait()
  }
  wait()
  return () => clearTimeout(timer)
}

/** Returns the time until the next whole multiple of `everyMs`, or until the one after it, if that is near, in milliseconds. */
export function untilNextLook(now: number, everyMs: number): number {
  const ms = everyMs - (now % everyMs)
  return ms < everyMs / 2 ? ms + everyMs : ms
}
