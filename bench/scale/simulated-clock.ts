import type { Clock } from '../../src/system/clock.ts'

interface Timer {
  readonly at: number
  /** Timers that are due at the same time run in the order in which they were set. */
  readonly order: number
  /** Undefined when it was cancelled. */
  run: (() => void) | undefined
}

/** A clock that goes from one timer to the next; its timers are a binary heap. */
export class SimulatedClock implements Clock {
  readonly #heap: Timer[] = []
  #now = 0
  #made = 0

  now(): number {
    return this.#now
  }

  after(ms: number, then: () => void): () => void {
    return this.at(this.#now + Math.max(0, ms), then)
  }

  /** Calls `run` at a time, in milliseconds. @returns a function that cancels the call */
  at(time: number, run: () => void): () => void {
    const timer: Timer = { at: Math.max(time, this.#now), order: this.#made++, run }
    this.#rise(this.#heap.length, timer)
    return () => {
      timer.run = undefined
    }
  }

  /** Runs all timers that are due until a time, in milliseconds. */
  runUntil(time: number): void {
    for (let first = this.#heap[0]; first !== undefined && first.at <= time; first = this.#heap[0]) {
      this.#removeFirst()
      this.#now = first.at
      first.run?.()
    }
    this.#now = time
  }

  #removeFirst(): void {
    const last = this.#heap.pop()
    if (last !== undefined && this.#heap.length > 0) this.#sink(last)
  }

  /** Moves a timer from a place towards the root, past all that are due after it. */
  #rise(place: number, timer: Timer): void {
    let at = place
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = this.#heap[above]
      if (parent === undefined || isBefore(parent, timer)) break
      this.#heap[at] = parent
      at = above
    }
    this.#heap[at] = timer
  }

  /** Moves a timer from the root away from it, past all that are due before it. */
  #sink(timer: Timer): void {
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      let child = this.#heap[below]
      const other = this.#heap[below + 1]
      if (child !== undefined && other !== undefined && isBefore(other, child)) {
        child = other
        below++
      }
      if (child === undefined || isBefore(timer, child)) break
      this.#heap[at] = child
      at = below
    }
    this.#heap[at] = timer
  }
}

function isBefore(one: Timer, other: Timer): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order)
}
