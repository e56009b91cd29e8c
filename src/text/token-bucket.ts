/** Limits an amount per second, and allows bursts after a pause. */
export class TokenBucket {
  readonly #perSecond: number
  readonly #capacity: number
  #left: number
  #at = Number.NEGATIVE_INFINITY

  /** @param capacity maximum amount of one request. The bucket starts full. */
  constructor(perSecond: number, capacity: number) {
    this.#perSecond = perSecond
    this.#capacity = capacity
    this.#left = capacity
  }

  /** @param now in milliseconds of a monotonic clock. @returns false, and takes nothing, when less than `amount` is left */
  take(amount: number, now: number): boolean {
    const refilled = this.#left + ((now - this.#at) * this.#perSecond) / 1000
    this.#left = Math.max(this.#left, Math.min(this.#capacity, refilled))
    this.#at = now
    if (this.#left < amount) return false
    this.#left -= amount
    return true
  }

  /** Adds the amount of a time in which the other side had to wait, beyond the capacity: it arrives at once afterwards. */
  credit(ms: number): void {
    this.#left += (ms * this.#perSecond) / 1000
  }
}
