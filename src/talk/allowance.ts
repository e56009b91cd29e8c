/** So much of something a second, and more at once after a quiet time: a token bucket. */
export interface Allowance {
  /** @param now in milliseconds, of a clock that never goes back. @returns false when it is too much */
  take(amount: number, now: number): boolean
}

/** @param burstS who has taken nothing for so many seconds may take all of their share at once. */
export function createAllowance(perSecond: number, burstS: number): Allowance {
  const most = perSecond * burstS
  let left = most
  let lastAt = Number.NEGATIVE_INFINITY
  return {
    take(amount, now) {
      left = Math.min(most, left + ((now - lastAt) * perSecond) / 1000) - amount
      lastAt = now
      return left >= 0
    },
  }
}
