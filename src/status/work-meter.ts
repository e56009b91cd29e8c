import { performance } from 'node:perf_hooks'

/** Which part of the time this thread works. */
export interface WorkMeter {
  /** A new stretch of time begins; what was before the one that ends is forgotten. */
  mark(): void
  /** From 0 to 1, since the last mark but one. */
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
