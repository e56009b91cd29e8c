/** Maximum length of a look-up, in bytes: the longest header of all frames and tags that the filters know, which is Ogg's. */
const SCRATCH_BYTES = 282

const NOTHING = Buffer.alloc(0)

/**
 * Queue of the bytes that a filter has received and not yet decided on. It holds references to chunks; bytes are copied
 * only if a result spans two of them.
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
  /** Number of unread bytes. */
  length = 0
  /** Number of bytes that have left the queue since it was created. */
  taken = 0
  /** The chunk that contains the first unread byte. */
  front: Buffer = NOTHING
  /** Index in `front` of the first unread byte. */
  head = 0
  /** The buffer with the result of the last `look`; valid until the next one. */
  found: Buffer = NOTHING

  /** The chunks after `front`; those before `#next` have already been moved to it. */
  #later: Buffer[] = []
  #next = 0
  readonly #scratch = Buffer.alloc(SCRATCH_BYTES)

  /** Appends a chunk and takes ownership of it. */
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
   * Makes a few bytes contiguous, in `found`. Bytes past the end of the queue read as zeros.
   * @param offset their start, counted from the first unread byte.
   * @param bytes their number; 282 at most.
   * @returns their index in `found`.
   */
  look(offset: number, bytes: number): number {
    const at = this.head + offset
    if (at + bytes <= this.front.length) {
      this.found = this.front
      return at
    }
    this.found = this.#scratch.fill(0, 0, bytes)
    let filled = this.front.copy(this.#scratch, 0, Math.min(at, this.front.length), at + bytes)
    let start = this.front.length - this.head
    for (let i = this.#next; i < this.#later.length && filled < bytes; i++) {
      const chunk = this.#later[i] ?? NOTHING
      const from = offset + filled - start
      if (from < chunk.length) filled += chunk.copy(this.#scratch, filled, from, from + bytes - filled)
      start += chunk.length
    }
    return 0
  }

  /**
   * Reads bytes without taking them. Cheap near both ends of the queue, however small the chunks are.
   * @param offset counted from the first unread byte; less than `length`.
   * @returns the bytes from there on that are in one chunk, at least one.
   */
  piece(offset: number): Buffer {
    if (this.head + offset < this.front.length) return this.front.subarray(this.head + offset)
    let start = this.length
    for (let i = this.#later.length - 1; i >= this.#next; i--) {
      const chunk = this.#later[i] ?? NOTHING
      start -= chunk.length
      if (offset >= start) return chunk.subarray(offset - start)
    }
    return NOTHING
  }

  /**
   * Makes unread bytes contiguous, in `front` from `head` on. They are copied if they span chunks, and `take` then returns
   * that copy.
   * @param bytes their number, `length` at most.
   */
  join(bytes: number): void {
    if (this.head + bytes <= this.front.length) return
    const rest = this.length - bytes
    const joined = this.take(bytes)
    this.taken -= bytes
    if (rest > 0) this.#putBack(this.front.subarray(this.head))
    this.front = joined
    this.head = 0
    this.length = rest + bytes
  }

  /**
   * Removes bytes from the queue and returns them.
   * @param bytes their number, `length` at most.
   * @returns a view of the chunk that contains them, or a copy if they span chunks. Its bytes never change.
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

  /** Removes the first `bytes` unread bytes, or all if there are fewer. */
  drop(bytes: number): void {
    let left = Math.min(bytes, this.length)
    this.length -= left
    this.taken += left
    while (left >= this.front.length - this.head) {
      left -= this.front.length - this.head
      this.head = 0
      const isLast = this.#next === this.#later.length
      this.front = this.#later[this.#next++] ?? NOTHING
      if (this.#next * 2 > this.#later.length) this.#forget()
      if (isLast) return
    }
    this.head += left
  }

  /** Inserts a chunk directly after `front`. */
  #putBack(chunk: Buffer): void {
    if (this.#next === 0) this.#later.unshift(chunk)
    else this.#later[--this.#next] = chunk
  }

  /** Releases the chunks that have been read: rarely, because moving a large number of remaining chunks is expensive. */
  #forget(): void {
    this.#later = this.#later.slice(this.#next)
    this.#next = 0
  }
}
