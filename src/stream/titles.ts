/** What is playing, from one frame on. An object of its own for each change, so that others may keep what they make of it. */
export interface Title {
  /** The number of the first frame that it belongs to. */
  readonly from: number
  /** One line; empty: nothing is known any more. */
  readonly text: string
}

/** So many titles are kept at most, should a ring be so large, or titles so quick, that more belong to it. */
const MAX_TITLES = 256

/**
 * The titles of the frames in a ring, oldest first. Each holds up to the frame that the next one begins with:
 *
 *       ring     [ ][ ][ ][ ][ ][ ][ ][ ][ ]
 *                 ^        ^              ^
 *       titles   A ...    B ...          C ...      a listener gets B when it has passed B's first frame
 */
export class Titles {
  #titles: Title[] = []

  /**
   * From frame `from` on the title is `text`; titles that no frame of the ring has any more are dropped.
   * @param first the oldest frame of the ring. @returns whether that is news.
   */
  set(text: string, from: number, first: number): boolean {
    const last = this.#titles.at(-1)
    if (text === (last?.text ?? '')) return false
    // A title that no frame has had belongs to nothing.
    if (last?.from === from) this.#titles.pop()
    this.#titles.push({ from, text })
    while (this.#titles.length > MAX_TITLES || (this.#titles[1]?.from ?? Number.POSITIVE_INFINITY) <= first) {
      this.#titles.shift()
    }
    return true
  }

  /** The last one. */
  get newest(): Title | undefined {
    return this.#titles.at(-1)
  }

  /** Oldest first. */
  all(): readonly Title[] {
    return [...this.#titles]
  }

  /** Takes over all that another thread knows. */
  replace(titles: readonly Title[]): void {
    this.#titles = [...titles]
  }

  /** Hot path. The title of a frame; undefined when none is known for it. */
  at(seq: number): Title | undefined {
    for (let i = this.#titles.length - 1; i >= 0; i--) {
      const title = this.#titles[i]
      if (title !== undefined && title.from <= seq) return title
    }
    return undefined
  }
}
