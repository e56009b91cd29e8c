/** A part of the window, in seconds, and how many of them it has. */
const PART_S = 0.5
const PARTS = 10

/**
 * How unsteadily blocks have come in the last five seconds, but for the worst half of a second: nobody wants to hear everything
 * later because of one hitch. The transit of a sample is the time it came at less the time it stands at in the stream; only
 * differences between transits mean anything, for the two clocks began at different times.
 *
 *      the stream     |--block--|--block--|--block--|
 *      they come               |         |              |
 *                      '- latest: a block's first sample has waited for the last one, and then for the network
 *                        earliest: the last sample of the block that came soonest
 */
export class Arrivals {
  /** The longest transit of a first sample, and the shortest of a last one, by part of the window; in seconds. */
  readonly #latest = new Float64Array(PARTS)
  readonly #earliest = new Float64Array(PARTS)
  #part = 0

  constructor() {
    this.forget()
  }

  /** A block has come. @param start when it begins in the stream @param end when it ends there @param now in seconds, all three */
  note(start: number, end: number, now: number): void {
    const part = Math.floor(now / PART_S)
    for (let old = Math.max(this.#part, part - PARTS) + 1; old <= part; old++) this.#empty(old % PARTS)
    this.#part = part
    const at = part % PARTS
    this.#latest[at] = Math.max(this.#latest[at] ?? 0, now - start)
    this.#earliest[at] = Math.min(this.#earliest[at] ?? 0, now - end)
  }

  /** In seconds; infinite when nothing has come. */
  get earliest(): number {
    let least = Number.POSITIVE_INFINITY
    for (const earliest of this.#earliest) least = Math.min(least, earliest)
    return least
  }

  /** How much must be held back for nothing else to come too late, in seconds; not positive when nothing has come. */
  get spread(): number {
    let [most, second] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (const latest of this.#latest) {
      second = Math.max(second, Math.min(most, latest))
      most = Math.max(most, latest)
    }
    return (second === Number.NEGATIVE_INFINITY ? most : second) - this.earliest
  }

  /** What comes from now on takes another way, or is another stream. */
  forget(): void {
    this.#latest.fill(Number.NEGATIVE_INFINITY)
    this.#earliest.fill(Number.POSITIVE_INFINITY)
  }

  #empty(at: number): void {
    this.#latest[at] = Number.NEGATIVE_INFINITY
    this.#earliest[at] = Number.POSITIVE_INFINITY
  }
}
