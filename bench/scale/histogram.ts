/** Counts times, in steps of 10 ms up to 100 s. */
export class Histogram {
  readonly #counts = new Float64Array(10_000)
  #total = 0
  #most = 0

  get total(): number {
    return this.#total
  }

  /** The longest time, in milliseconds; 0 without any. */
  get most(): number {
    return this.#most
  }

  add(ms: number, count = 1): void {
    const at = Math.min(this.#counts.length - 1, Math.floor(ms / STEP_MS))
    this.#counts[at] = (this.#counts[at] ?? 0) + count
    this.#total += count
    this.#most = Math.max(this.#most, ms)
  }

  /** @returns the time that `part` (0 to 1) of all do not exceed, in milliseconds; NaN without any */
  quantile(part: number): number {
    let below = 0
    for (const [at, count] of this.#counts.entries()) {
      below += count
      if (count > 0 && below >= part * this.#total) return Math.min(this.#most, (at + 1) * STEP_MS)
    }
    return Number.NaN
  }
}

const STEP_MS = 10
