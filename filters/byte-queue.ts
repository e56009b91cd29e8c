/** Long enough to recognise the header of any frame or tag that the filters know. */
const SCRATCH_BYTES = 32

const NOTHING = Buffer.alloc(0)

/**
 * The bytes that a filter has been given and has not yet decided on. It holds references to chunks; bytes are copied only
 * where something spans two of them.
 *
 * ```
 *   front                     later[0]        later[1]
 *   [ taken | unread ....... ][ unread ..... ][ unread ... ]
 *           ^ head            offsets count from head
 * ```
 *
 * On the hot path, hence the public integers: readers step through `front` from `head` on with plain indexes.
 */
export class ByteQueue {
  /** Unread bytes. */
  length = 0
  /** Bytes that have left the queue since it was made. */
  taken = 0
  /** The chunk that the unread bytes begin in. */
  front: Buffer = NOTHING
  /** Where in `front` they begin. */
  head = 0
  /** Where the last `look` found its bytes; good until the next one. */
  found: Buffer = NOTHING

  readonly #later: Buffer[] = []
  readonly #scratch = Buffer.alloc(SCRATCH_BYTES)

  /** Takes a chunk over. */
  append(chunk: Buffer): void {
    if (chunk.length === 0) return
    if (this.length > 0) this.#later.push(chunk)
    else {
      this.front = chunk
      this.head = 0
    }
    this.length += chunk.length
  }

  /**
   * Makes a few bytes readable in one piece, in `found`. What lies past the end of the queue reads as zeros.
   * @param offset where they begin, counted from the first unread byte.
   * @param bytes how many; 32 at most.
   * @returns their index in `found`.
   */
  look(offset: number, bytes: number): number {
    const at = this.head + offset
    if (at + bytes <= this.front.length) {
      this.found = this.front
      return at
    }
    this.found = this.#scratch.fill(0)
    let filled = this.front.copy(this.#scratch, 0, Math.min(at, this.front.length), at + bytes)
    let start = this.front.length - this.head
    for (const chunk of this.#later) {
      if (filled === bytes) break
      const from = offset + filled - start
      if (from < chunk.length) filled += chunk.copy(this.#scratch, filled, from, from + bytes - filled)
      start += chunk.length
    }
    return 0
  }

  /**
   * Takes bytes out of the queue.
   * @param bytes how many; there must be so many.
   * @returns a view of the chunk they lie in, or a copy of their own when they span chunks. Its bytes never change.
   */
  take(bytes: number): Buffer {
    if (this.head + bytes <= this.front.length) {
      const view = this.front.subarray(this.head, this.head + bytes)
      this.drop(bytes)
      return view
    }
    const joined = Buffer.allocUnsafe(bytes)
    for (let filled = 0; filled < bytes; ) {
      const piece = this.front.copy(joined, filled, this.head)
      filled += piece
      this.drop(piece)
    }
    return joined
  }

  /** Lets go of the first `bytes` unread bytes, or of all when there are fewer. */
  drop(bytes: number): void {
    let left = Math.min(bytes, this.length)
    this.length -= left
    this.taken += left
    while (left >= this.front.length - this.head) {
      left -= this.front.length - this.head
      this.head = 0
      const next = this.#later.shift()
      this.front = next ?? NOTHING
      if (next === undefined) return
    }
    this.head += left
  }
}
