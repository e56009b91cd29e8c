import type { Clock } from '../system/clock.ts'

/** Meter of the bytes per second since the beginning of an opening. */
export interface RateMeter {
  /** Counts bytes. @returns the mean rate about once a second; otherwise undefined. */
  add(bytes: number): number | undefined
}

const EVERY_MS = 1_000

export function createRateMeter(clock: Clock): RateMeter {
  const startedAt = clock.now()
  let bytes = 0
  let dueAt = startedAt + EVERY_MS
  return {
    add(count) {
      bytes += count
      const now = clock.now()
      if (now < dueAt) return undefined
      dueAt = now + EVERY_MS
      return (bytes / (now - startedAt)) * 1000
    },
  }
}
