import type { Clock } from '../system/clock.ts'

/** One more thread is started when those that there are have worked for so much of the time, */
const BUSY = 0.5
/** each of so many times in a row. */
const TIMES = 3
/** After a crash no thread is started for so long, in milliseconds; for twice as long after each that follows soon. */
const FIRST_PAUSE_MS = 2_000
const LONGEST_PAUSE_MS = 120_000
/** A thread that has lived for so long shows that threads can. */
const HEALTHY_AFTER_MS = 600_000

/** Decides when one more thread is started. */
export interface LoadFollower {
  /** @param loads which part of the time each thread has worked. @returns whether one more is needed now */
  look(loads: readonly number[]): boolean
  /** A thread has crashed: there is a pause. */
  crashed(): void
}

/** @param most so many threads there are at most, the main thread among them. */
export function createLoadFollower(most: number, clock: Clock): LoadFollower {
  let busyTimes = 0
  let pauseMs = 0
  let pausedAt = Number.NEGATIVE_INFINITY
  return {
    look(loads) {
      const mean = loads.reduce((sum, load) => sum + load, 0) / loads.length
      busyTimes = mean > BUSY && loads.length < most ? busyTimes + 1 : 0
      if (busyTimes < TIMES || clock.now() < pausedAt + pauseMs) return false
      busyTimes = 0
      return true
    },
    crashed() {
      const isSoon = clock.now() < pausedAt + HEALTHY_AFTER_MS
      pauseMs = isSoon ? Math.min(pauseMs * 2, LONGEST_PAUSE_MS) : FIRST_PAUSE_MS
      pausedAt = clock.now()
    },
  }
}
