/** Maximum bytes of one write to a listener that has fallen behind. */
const LARGEST_BYTES = 256 * 1024
/** Minimum bytes of one such write, when all memory for writes is in use. */
const SMALLEST_BYTES = 16 * 1024
/** Part of the free memory that one write may use, so that writes shrink before the limit is reached. */
const PART_OF_FREE = 1 / 8

/**
 * Memory of writes that clients have not accepted yet, over all streams of a thread. A slow listener holds one write; the less
 * memory is free, the smaller is the next write, so that the total stays near the limit for any number of slow listeners.
 */
export class WriteMemory {
  readonly #limit: number
  #held = 0

  /** @param limit in bytes. */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** Maximum bytes of the next write. */
  get largest(): number {
    const part = (this.#limit - this.#held) * PART_OF_FREE
    return Math.max(SMALLEST_BYTES, Math.min(LARGEST_BYTES, part))
  }

  /** Counts a write that was not accepted at once. A Buffer shared by several listeners is counted for each of them. */
  hold(bytes: number): void {
    this.#held += bytes
  }

  release(bytes: number): void {
    this.#held -= bytes
  }
}
