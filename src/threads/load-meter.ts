import type { EventLoopUtilityFunction } from 'node:perf_hooks'

/** The part of a thread's `performance` that measures its load. */
interface Measured {
  readonly eventLoopUtilization: EventLoopUtilityFunction
}

/** @returns a function that returns the share of the time that the thread has worked since the last call, from 0 to 1. */
export function createLoadMeter(performance: Measured): () => number {
  let before = performance.eventLoopUtilization()
  return () => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, before)
    before = now
    return utilization
  }
}
