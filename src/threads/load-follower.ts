import type { Clock } from '../system/clock.ts'

/** Share of the time that all threads must have worked before one more is started, */
const BUSY = 0.5
/** in this number of measurements in a row. */
const TIMES = 3
/** Pause after a crash before a thread is started, in milliseconds; doubled after each further crash that follows soon. */
const FIRST_PAUSE_MS = 2_000
const LONGEST_PAUSE_MS = 120_000
/** Lifetime after which a thread counts as stable, in milliseconds. */
const HEALTHY_AFTER_MS = 600_000

/** Decides when to start one more thread. */
export interface LoadFollower {
  /** @param loads share of the time that each thread has worked. @returns whether one more is needed now */
  look(loads: readonly number[]): boolean
  /** Begins a pause after a crash. */
  crashed(): void
}

/** @param most maximum number of threads, main thread included. */
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
