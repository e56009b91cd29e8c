/** Most bytes of one write to a listener that has fallen behind. */
const LARGEST_BYTES = 256 * 1024
/** Least bytes of one such write, when all memory for writes is in use. */
const SMALLEST_BYTES = 16 * 1024
/** Part of the free memory that one write may take, so that the size of writes falls before the limit is reached. */
const PART_OF_FREE = 1 / 8

/**
 * Memory of writes that clients have not taken yet, over all streams of a thread. A slow listener holds one write; the less
 * memory is free, the smaller is the next one, so that no number of slow listeners takes much more than the limit.
 */
export class WriteMemory {
  readonly #limit: number
  #held = 0

  /** @param limit in bytes. */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** Most bytes of the next write. */
  get largest(): number {
    const part = (this.#limit - this.#held) * PART_OF_FREE
    return Math.max(SMALLEST_BYTES, Math.min(LARGEST_BYTES, part))
  }

  /** Counts a write that was not taken at once. A Buffer that several listeners share is counted for each of them. */
  hold(bytes: number): void {
    this.#held += bytes
  }

  release(bytes: number): void {
    this.#held -= bytes
  }
}
