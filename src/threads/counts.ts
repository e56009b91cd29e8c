import type { DeliveryCounters } from '../stream/counters.ts'

/** Indexes of counters (Float64) in memory shared with the main thread, for one stream and the listeners of one thread. */
const BYTES_OUT = 0
const FRAMES_SENT = 1
const FRAMES_SKIPPED = 2
const LAPS = 3
const TICKS = 4
const TICK_MS = 5
const PLACES = 6

export function createCounts(): SharedArrayBuffer {
  return new SharedArrayBuffer(PLACES * Float64Array.BYTES_PER_ELEMENT)
}

/** Counters in shared memory. Only the thread of the listeners writes them. */
export class SharedCounters implements DeliveryCounters {
  readonly #counts: Float64Array

  constructor(counts: SharedArrayBuffer) {
    this.#counts = new Float64Array(counts)
  }

  get bytesOut(): number {
    return this.#counts[BYTES_OUT] ?? 0
  }

  set bytesOut(bytes: number) {
    this.#counts[BYTES_OUT] = bytes
  }

  get framesSent(): number {
    return this.#counts[FRAMES_SENT] ?? 0
  }

  set framesSent(frames: number) {
    this.#counts[FRAMES_SENT] = frames
  }

  get framesSkipped(): number {
    return this.#counts[FRAMES_SKIPPED] ?? 0
  }

  set framesSkipped(frames: number) {
    this.#counts[FRAMES_SKIPPED] = frames
  }

  get laps(): number {
    return this.#counts[LAPS] ?? 0
  }

  set laps(laps: number) {
    this.#counts[LAPS] = laps
  }

  get ticks(): number {
    return this.#counts[TICKS] ?? 0
  }

  set ticks(ticks: number) {
    this.#counts[TICKS] = ticks
  }

  get tickMs(): number {
    return this.#counts[TICK_MS] ?? 0
  }

  set tickMs(ms: number) {
    this.#counts[TICK_MS] = ms
  }
}

/** Adds what another thread has counted since the last call. */
export class CountsOfThread {
  readonly #shared: SharedCounters
  #counted: Readonly<DeliveryCounters> = { bytesOut: 0, framesSent: 0, framesSkipped: 0, laps: 0, ticks: 0, tickMs: 0 }

  constructor(counts: SharedArrayBuffer) {
    this.#shared = new SharedCounters(counts)
  }

  addTo(counters: DeliveryCounters): void {
    const { bytesOut, framesSent, framesSkipped, laps, ticks, tickMs } = this.#shared
    counters.bytesOut += bytesOut - this.#counted.bytesOut
    counters.framesSent += framesSent - this.#counted.framesSent
    counters.framesSkipped += framesSkipped - this.#counted.framesSkipped
    counters.laps += laps - this.#counted.laps
    counters.ticks += ticks - this.#counted.ticks
    counters.tickMs += tickMs - this.#counted.tickMs
    this.#counted = { bytesOut, framesSent, framesSkipped, laps, ticks, tickMs }
  }
}
