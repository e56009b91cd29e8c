/** Token bucket: limits an amount per second, and allows bursts after a pause. */
export interface TokenBucket {
  /** @param now in milliseconds of a monotonic clock. @returns false when the limit is exceeded */
  take(amount: number, now: number): boolean
}

/** @param burstS capacity of the bucket, in seconds at `perSecond`. */
export function createTokenBucket(perSecond: number, burstS: number): TokenBucket {
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
