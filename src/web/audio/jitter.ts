/** Duration of a part of the window, in seconds, and number of parts. */
const PART_S = 0.5
const PARTS = 10

/**
 * Jitter of blocks in the last five seconds, without the worst half second: one stall should not delay everything after it.
 * The transit of a sample is its arrival time less its time in the stream; only differences between transits have a meaning,
 * because the two clocks started at different times.
 *
 *      the stream     |--block--|--block--|--block--|
 *      arrivals                |         |              |
 *                      '- latest: a block's first sample has waited for its last one, and then for the network
 *                        earliest: the last sample of the fastest block
 */
export class Jitter {
  /** Longest transit of a first sample, and shortest of a last one, by part of the window, in seconds. */
  readonly #latest = new Float64Array(PARTS)
  readonly #earliest = new Float64Array(PARTS)
  #part = 0

  constructor() {
    this.forget()
  }

  /** Records a block. @param start of the block in the stream @param end of the block there @param now all in seconds */
  record(start: number, end: number, now: number): void {
    const part = Math.floor(now / PART_S)
    for (let old = Math.max(this.#part, part - PARTS) + 1; old <= part; old++) this.#empty(old % PARTS)
    this.#part = part
    const at = part % PARTS
    this.#latest[at] = Math.max(this.#latest[at] ?? 0, now - start)
    this.#earliest[at] = Math.min(this.#earliest[at] ?? 0, now - end)
  }

  /** Shortest transit of a last sample, in seconds; infinite before the first block. */
  get earliest(): number {
    let least = Number.POSITIVE_INFINITY
    for (const earliest of this.#earliest) least = Math.min(least, earliest)
    return least
  }

  /** Delay at which no other block would be late, in seconds; not positive before the first block. */
  get spread(): number {
    let [most, second] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (const latest of this.#latest) {
      second = Math.max(second, Math.min(most, latest))
      most = Math.max(most, latest)
    }
    return (second === Number.NEGATIVE_INFINITY ? most : second) - this.earliest
  }

  /** Call when the next blocks use another connection or belong to another stream. */
  forget(): void {
    this.#latest.fill(Number.NEGATIVE_INFINITY)
    this.#earliest.fill(Number.POSITIVE_INFINITY)
  }

  #empty(at: number): void {
    this.#latest[at] = Number.NEGATIVE_INFINITY
    this.#earliest[at] = Number.POSITIVE_INFINITY
  }
}
