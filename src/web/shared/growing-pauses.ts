/** Pauses between tries, each twice as long as the one before. */
export interface GrowingPauses {
  /** How long to wait now, in milliseconds. */
  next(): number
  /** It worked: the next pause is the first again. */
  reset(): void
}

/** Shorter than the 5 s that a listener is to be back in after a restart. In milliseconds. */
const LONGEST_MS = 3_000
const FIRST_MS = 250
/** Those who were cut off together need not come back together. */
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
