import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import type { Clock } from '../system/clock.ts'

/** Interval of the samples, in milliseconds: they take 0.05 % of a core. */
const SAMPLE_EVERY_MS = 20
/** Minimum duration of the time over which the delay is reported, in milliseconds: more readers do not make it shorter. */
const WINDOW_MS = 10_000
/** Time without a reader after which nothing is measured, in milliseconds. */
const UNREAD_MS = 10 * 60_000
const NS_PER_SECOND = 1e9

/** Delays of this thread's event loop, measured from the first reading on, while they are read. */
export class LoopDelay {
  readonly #clock: Clock
  #histogram: IntervalHistogram | undefined
  #windowSince = 0
  #last: Readonly<Record<string, number>> = {}
  #cancelEnd: (() => void) | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Returns median, 99th percentile and maximum, in seconds, over the last window; nothing at first. */
  read(): Readonly<Record<string, number>> {
    this.#cancelEnd?.()
    this.#cancelEnd = this.#clock.after(UNREAD_MS, () => this.stop())
    if (this.#histogram === undefined) this.#begin()
    else if (this.#clock.now() - this.#windowSince >= WINDOW_MS) this.#endWindow(this.#histogram)
    return this.#last
  }

  stop(): void {
    this.#cancelEnd?.()
    this.#histogram?.disable()
    this.#histogram = undefined
    this.#last = {}
  }

  #begin(): void {
    this.#histogram = monitorEventLoopDelay({ resolution: SAMPLE_EVERY_MS })
    this.#histogram.enable()
    this.#windowSince = this.#clock.now()
  }

  #endWindow(histogram: IntervalHistogram): void {
    this.#last = {
      p50: delay(histogram.percentile(50)),
      p99: delay(histogram.percentile(99)),
      max: delay(histogram.max),
    }
    histogram.reset()
    this.#windowSince = this.#clock.now()
  }
}

/** @param ns time from one sample to the next, in nanoseconds */
function delay(ns: number): number {
  return Math.max(0, ns / NS_PER_SECOND - SAMPLE_EVERY_MS / 1000)
}
