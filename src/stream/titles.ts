/** A title, from one frame on. Each change makes a new object, so that values derived from it can be cached by it. */
export interface Title {
  /** The number of its first frame. */
  readonly from: number
  /** One line; empty: the title is unknown from here on. */
  readonly text: string
}

/** Maximum number of titles kept, for a very large ring or very frequent titles. */
const MAX_TITLES = 4096
/** Maximum number of titles that other threads get, whose rings reach 10 s back. */
const MAX_RECENT = 256

/**
 * The titles of the frames in a ring, oldest first. Each is valid up to the first frame of the next:
 *
 *       ring     [ ][ ][ ][ ][ ][ ][ ][ ][ ]
 *                 ^        ^              ^
 *       titles   A ...    B ...          C ...      a listener gets B when it has passed B's first frame
 */
export class Titles {
  #titles: Title[] = []

  /**
   * Sets the title from frame `from` on; drops titles whose frames have all left the ring.
   * @param first the oldest frame of the ring. @returns whether the title has changed.
   */
  set(text: string, from: number, first: number): boolean {
    const last = this.#titles.at(-1)
    if (text === (last?.text ?? '')) return false
    // A title without a frame is dropped.
    if (last?.from === from) this.#titles.pop()
    this.#titles.push({ from, text })
    while (this.#titles.length > MAX_TITLES || (this.#titles[1]?.from ?? Number.POSITIVE_INFINITY) <= first) {
      this.#titles.shift()
    }
    return true
  }

  /** The last title. */
  get newest(): Title | undefined {
    return this.#titles.at(-1)
  }

  /** All titles, oldest first. */
  all(): readonly Title[] {
    return [...this.#titles]
  }

  /** The last titles, oldest first. */
  recent(): readonly Title[] {
    return this.#titles.slice(-MAX_RECENT)
  }

  /** Replaces all titles by those of another thread. */
  replace(titles: readonly Title[]): void {
    this.#titles = [...titles]
  }

  /** Hot path. Returns the title of a frame; undefined when it is unknown. */
  at(seq: number): Title | undefined {
    const newest = this.#titles.at(-1)
    if (newest === undefined || newest.from <= seq) return newest
    let [low, high] = [0, this.#titles.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#titles[middle]?.from ?? 0) <= seq) low = middle + 1
      else high = middle
    }
    return this.#titles[low - 1]
  }
}
