/** Long enough for the header of any frame or tag that the filters know; Ogg has the longest. */
const SCRATCH_BYTES = 282

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

  /** The chunks after `front`; those before `#next` have become it already. */
  #later: Buffer[] = []
  #next = 0
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
   * @param bytes how many; 282 at most.
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
   * Steps through the bytes without taking them. Cheap near both ends of the queue, however small the chunks are.
   * @param offset counted from the first unread byte; less than `length`.
   * @returns the bytes from there on that lie in one chunk, at least one.
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
   * Makes unread bytes lie in one piece, in `front` from `head` on. They are copied when they span chunks, and that is the copy
   * that `take` then gives out.
   * @param bytes how many; there must be so many.
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
      const isLast = this.#next === this.#later.length
      this.front = this.#later[this.#next++] ?? NOTHING
      if (this.#next * 2 > this.#later.length) this.#forget()
      if (isLast) return
    }
    this.head += left
  }

  /** Makes a chunk the first one after `front`. */
  #putBack(chunk: Buffer): void {
    if (this.#next === 0) this.#later.unshift(chunk)
    else this.#later[--this.#next] = chunk
  }

  /** Lets go of the chunks that have had their turn: seldom, because moving the others is dear when they are many. */
  #forget(): void {
    this.#later = this.#later.slice(this.#next)
    this.#next = 0
  }
}
