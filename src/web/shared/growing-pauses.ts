/** Pauses between retries, each twice as long as the one before. */
export interface GrowingPauses {
  /** How long to wait now, in milliseconds. */
  next(): number
  /** Called after a success: the next pause is the first again. */
  reset(): void
}

/** Longest pause, in milliseconds: shorter than the 5 s within which listeners should reconnect after a restart. */
const LONGEST_MS = 3_000
const FIRST_MS = 250
/** Random share of a pause, so that clients disconnected together do not reconnect together. */
const SPREAD = 0.25

export function createGrowingPauses(random = Math.random): GrowingPauses {
  let ms = FIRST_MS
  return {
    next() {
      const now = ms
      ms = Math.min(LONGEST_MS, ms * 2)
      return now * (1 - SPREAD * random())
    },
    reset() {
      ms = FIRST_MS
    },
  }
}
