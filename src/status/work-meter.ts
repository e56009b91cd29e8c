import { performance } from 'node:perf_hooks'

/** Measures the part of the time in which this thread is busy. */
export interface WorkMeter {
  /** Ends a period and begins the next one; periods before the one that ends are discarded. */
  mark(): void
  /** Busy part of the time since the mark before the last one, from 0 to 1. */
  readonly load: number
}

export function createWorkMeter(): WorkMeter {
  let before = performance.eventLoopUtilization()
  let marked = before
  return {
    mark() {
      before = marked
      marked = performance.eventLoopUtilization()
    },
    get load() {
      return performance.eventLoopUtilization(performance.eventLoopUtilization(), before).utilization
    },
  }
}
