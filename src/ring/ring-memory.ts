/**
 * Memory of a frame besides its bytes, in bytes: its object, its view of a chunk and its slot. Measured with a million frames
 * of 64 bytes in Node 20 and 24.
 */
export const FRAME_COST = 200

/** Default limit, in bytes. */
const DEFAULT_LIMIT = 64 * 1024 * 1024

/**
 * Memory that all elastic rings of a thread share. Below the limit, each ring may grow to its configured size; above it,
 * each ring that holds more than an equal share drops its oldest frames.
 */
export class RingMemory {
  /** Bytes that all rings hold, including the cost of their frames. */
  used = 0
  /** Number of rings that hold a frame. */
  rings = 0
  readonly #limit: number

  /** @param limit in bytes. */
  constructor(limit = DEFAULT_LIMIT) {
    this.#limit = limit
  }

  /** Maximum bytes that one ring may hold now. */
  get allowance(): number {
    return this.used <= this.#limit ? Number.POSITIVE_INFINITY : this.#limit / this.rings
  }
}
