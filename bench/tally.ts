/** Counters of all listeners of a process. */

import type { Verdict } from './frame-check.ts'

export interface Tally {
  /** Its bytes and frames are since `restartTally`, as are the three fields below; faults are since the start. */
  readonly verdict: Verdict
  reads: number
  /** Longest time between two reads of a listener, in milliseconds. */
  longestGapMs: number
  /** From the pipe to a listener, in microseconds. */
  readonly delays: Delays
  /** Start of counting, by `performance.now()`. */
  sinceMs: number
  /** Listeners that the server disconnected. */
  ended: number
}

export function createTally(): Tally {
  const verdict = { bytes: 0, frames: 0, skipped: 0, corrupt: 0 }
  const tally = { verdict, reads: 0, longestGapMs: 0, delays: createDelays(), sinceMs: 0, ended: 0 }
  restartTally(tally)
  return tally
}

export function restartTally(tally: Tally): void {
  tally.verdict.bytes = 0
  tally.verdict.frames = 0
  tally.reads = 0
  tally.longestGapMs = 0
  tally.delays.forget()
  tally.sinceMs = performance.now()
}

/** Histogram whose steps are at most 1/64 of the value; in microseconds, except where stated. */
export interface Delays {
  forget(): void
  add(us: number): void
  /** @returns the quantile `part` (0 to 1) of all delays, in milliseconds; 0 when there are none. */
  quantileMs(part: number): number
}

const STEPS = 64
/** The last step is beyond an hour. */
const SLOTS = STEPS * 28

function createDelays(): Delays {
  const slots = new Float64Array(SLOTS)
  let count = 0
  return {
    forget() {
      slots.fill(0)
      count = 0
    },
    add(us) {
      const shift = Math.max(0, 25 - Math.clz32(us))
      const slot = Math.min(SLOTS - 1, shift * STEPS + (us >>> shift))
      slots[slot] = (slots[slot] ?? 0) + 1
      count++
    },
    quantileMs(part) {
      let seen = 0
      for (const [slot, some] of slots.entries()) {
        seen += some
        const shift = Math.max(0, Math.floor(slot / STEPS) - 1)
        if (seen > 0 && seen >= count * part) return ((slot - shift * STEPS) * 2 ** shift) / 1000
      }
      return 0
    },
  }
}
