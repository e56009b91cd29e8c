import { ByteQueue } from './byte-queue.ts'
import { endsAtBoundary, nextBoundary, SYNC_BYTE } from './frame-boundaries.ts'
import type { Emit, FrameFilter } from './frame-filter.ts'
import { HeaderChain, LOCK_HEADERS } from './header-chain.ts'
import type { Syntax } from './syntax.ts'
import { ID3_FIRST_BYTE, mayBeginTag, TAG_HEAD_BYTES, tagBytes } from './tags.ts'

/**
 * Cuts a stream into the frames of one syntax. Every decision depends on the bytes from some position on and on nothing
 * else; when they are not there yet, the scanner waits for as many as it needs. So chunks make no difference.
 *
 * ```
 *   searching --- three matching headers ---> locked --- frame, tag ---> locked
 *       ^                                        | anything else
 *       +------------ one byte on ---------------+
 * ```
 *
 * A frame goes out only when what follows it is a header, a tag or the end: a truncated one would hold the beginning of
 * the next. At most two frames and a header are held back.
 */
export class FrameScanner implements Pick<FrameFilter, 'skippedBytes' | 'push' | 'end'> {
  /** Bytes that no frame could start with, tags not counted. */
  skippedBytes = 0
  /** Where in the stream the first lock was, in bytes; undefined before it. */
  lockedAt: number | undefined
  /** How often something has begun: at each lock, and at each frame without sound, which is the first one of a file. */
  beginnings = 0
  /** The ID3v2 tags that the stream begins with, in bytes, as far as they have come. */
  leadingTagBytes = 0
  /** The first frame that was refused for its size, in bytes; 0 for none. */
  oversizeBytes = 0

  readonly #queue = new ByteQueue()
  readonly #chain = new HeaderChain()
  readonly #syntax: Syntax
  readonly #limit: number
  #locked = false
  /** What all frames since the last lock have in common. */
  #kind: number | undefined
  /** So much of a tag is still to come. */
  #tagLeft = 0
  /** So many bytes must be queued before anything can be decided. */
  #need = 1

  /** @param limit the largest frame allowed, in bytes. */
  constructor(syntax: Syntax, limit: number = syntax.maxFrameBytes) {
    this.#syntax = syntax
    this.#limit = limit
  }

  /** Where in the stream the first undecided byte is. */
  get position(): number {
    return this.#queue.taken
  }

  /** Matching headers in a row from there on, while it takes more of them to lock. */
  get chainHeaders(): number {
    return this.#chain.headers
  }

  push(chunk: Buffer, emit: Emit): void {
    this.#queue.append(chunk)
    if (this.#queue.length >= this.#need) this.#run(false, emit)
  }

  end(emit: Emit): void {
    this.#run(true, emit)
  }

  #run(ended: boolean, emit: Emit): void {
    this.#need = 1
    while (this.#queue.length > 0) {
      const need = this.#tagLeft > 0 ? this.#passTag() : this.#step(ended, emit)
      if (need > this.#queue.length && !ended) {
        this.#need = need
        return
      }
    }
  }

  /** Every step takes bytes from the queue and returns 0, or returns how many bytes it needs; after the end it needs none. */
  #step(ended: boolean, emit: Emit): number {
    const queue = this.#queue
    const first = queue.front[queue.head]
    if (first !== SYNC_BYTE) return this.#locked || first === ID3_FIRST_BYTE ? this.#tag(first, ended) : this.#refuse()
    const { headerBytes } = this.#syntax
    if (queue.length < headerBytes && !ended) return headerBytes
    const at = queue.look(0, headerBytes)
    const bytes = this.#syntax.frameBytes(queue.found, at)
    if (bytes === 0) return this.#refuse()
    const same = this.#locked && this.#syntax.kind(queue.found, at) === this.#kind
    return same ? this.#frame(bytes, ended, emit) : this.#lock(ended)
  }

  #tag(first: number | undefined, ended: boolean): number {
    if (!mayBeginTag(first)) return this.#refuse()
    if (this.#queue.length < TAG_HEAD_BYTES && !ended) return TAG_HEAD_BYTES
    const at = this.#queue.look(0, TAG_HEAD_BYTES)
    this.#tagLeft = tagBytes(this.#queue.found, at)
    return this.#tagLeft > 0 ? 0 : this.#refuse()
  }

  #passTag(): number {
    const before = this.#queue.taken
    const leading = before === this.leadingTagBytes
    this.#queue.drop(this.#tagLeft)
    this.#tagLeft -= this.#queue.taken - before
    if (leading) this.leadingTagBytes = this.#queue.taken
    return 0
  }

  #frame(bytes: number, ended: boolean, emit: Emit): number {
    if (bytes > this.#limit) return this.#refuse(bytes)
    if (this.#queue.length < bytes + TAG_HEAD_BYTES && !ended) return bytes + TAG_HEAD_BYTES
    if (!endsAtBoundary(this.#queue, bytes, this.#syntax)) return this.#refuse()
    const frame = this.#queue.take(bytes)
    if (this.#syntax.isSound(frame)) emit({ bytes: frame, durationUs: this.#syntax.durationUs(frame, 0) })
    else this.beginnings++
    return 0
  }

  /** Locks when three headers in a row are found, or all that a short source has. */
  #lock(ended: boolean): number {
    const queue = this.#queue
    const chain = this.#chain
    const need = chain.follow(queue, this.#syntax)
    if (need > 0 && !ended) return need
    // Fewer, but nothing else up to the end, are believed when all before them was in order, or was like them.
    const short = chain.endBytes === queue.length && (this.skippedBytes === 0 || chain.kind === this.#kind)
    if (chain.headers < LOCK_HEADERS && !short) return this.#refuse()
    if (chain.longestBytes > this.#limit) return this.#refuse(chain.longestBytes)
    this.#locked = true
    this.beginnings++
    this.#kind = chain.kind
    chain.headers = 0
    this.lockedAt ??= queue.taken
    return 0
  }

  /**
   * No frame and no tag begins here. Goes on to the next position where one may.
   * @param oversizeBytes the size that was the reason, in bytes; 0 for any other reason.
   */
  #refuse(oversizeBytes = 0): number {
    this.oversizeBytes ||= oversizeBytes
    const { front, head } = this.#queue
    const bytes = nextBoundary(front, head + 1, this.#syntax) - head
    this.#locked = false
    this.#chain.headers = 0
    this.skippedBytes += bytes
    this.#queue.drop(bytes)
    return 0
  }
}
