/** Chunks that arrive within this time of one another are of one write, in milliseconds. */
const SAME_WRITE_MS = 2

/** Delays between the writes of a server, as a listener sees them. */
export class WriteDelays {
  /** The longest time without bytes, in milliseconds. */
  longestMs = 0
  /** Number of delays by their whole milliseconds: bounded, whatever the time that is measured. */
  readonly #counts = new Map<number, number>()
  #count = 0
  #lastAt: number | undefined

  /** Bytes have arrived. @param at in milliseconds */
  add(at: number): void {
    const delay = at - (this.#lastAt ?? at)
    this.#lastAt = at
    if (delay <= SAME_WRITE_MS) return
    const key = Math.round(delay)
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
    this.#count++
    this.longestMs = Math.max(this.longestMs, delay)
  }

  /** No more bytes arrive up to this time. */
  end(at: number): void {
    this.longestMs = Math.max(this.longestMs, at - (this.#lastAt ?? at))
  }

  /** Returns the median, in whole milliseconds; undefined without delays. */
  median(): number | undefined {
    let before = 0
    for (const [ms, count] of [...this.#counts].toSorted(([a], [b]) => a - b)) {
      before += count
      if (before * 2 >= this.#count) return ms
    }
    return undefined
  }
}
