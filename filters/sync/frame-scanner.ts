import { ByteQueue } from '../bytes/byte-queue.ts'
import type { Emit, FrameFilter } from '../frame-filter.ts'
import { mayBeginTag, TAG_HEAD_BYTES } from '../titles/tags.ts'
import { brokenFrameBytes, endsAtBoundary, endsAtText, nextBoundary, SYNC_BYTE } from './frame-boundaries.ts'
import { HeaderChain, LOCK_HEADERS } from './header-chain.ts'
import type { Syntax } from './syntax.ts'
import { TagPasser } from './tag-passer.ts'

/** The letter `T`, which ID3v1 tags begin with. */
const ID3V1_FIRST_BYTE = 0x54

/**
 * Splits a stream into the frames of one syntax. Every decision depends only on the bytes from some position on; if they
 * have not arrived yet, the scanner waits until enough bytes are queued. So the division into chunks makes no difference.
 *
 * ```
 *   searching --- three matching headers ---> locked --- frame, tag ---> locked
 *       ^                                        | anything else
 *       +------------ one byte on ---------------+
 * ```
 *
 * A frame is emitted only when the following bytes show that it is whole: a header, a tag, text, zeros, the end, or, when
 * the header of the next frame is broken, the header of the frame after it. A truncated frame would contain the beginning
 * of the next one. At most two frames and a header are held back, except for possible sound within a tag (see `TagPasser`).
 */
export class FrameScanner implements Pick<FrameFilter, 'skippedBytes' | 'push' | 'end'> {
  /** Number of bytes at which no frame could start, without tags. */
  skippedBytes = 0
  /** Position of the first lock in the stream, in bytes; undefined before it. */
  lockedAt: number | undefined
  /**
   * Number of beginnings: one at each lock, and one at each frame without sound, because such a frame is the first one of a
   * file.
   */
  beginnings = 0
  /** Length of the ID3v2 tags at the start of the stream that have been received so far, in bytes. */
  leadingTagBytes = 0
  /** Length of these tags and of the zeros before, between and after them, in bytes. */
  leadingBytes = 0
  /** Length of the first frame that was refused for its size, in bytes; 0 if none. */
  oversizeBytes = 0

  readonly #queue = new ByteQueue()
  readonly #chain = new HeaderChain()
  readonly #tags: TagPasser
  readonly #syntax: Syntax
  readonly #limit: number
  #locked = false
  /** The kind that all frames since the last lock have in common. */
  #kind: number | undefined
  /** Number of bytes that must be queued before the next decision. */
  #need = 1

  /** @param limit the maximum frame length, in bytes. */
  constructor(syntax: Syntax, limit: number = syntax.maxFrameBytes) {
    this.#syntax = syntax
    this.#limit = limit
    this.#tags = new TagPasser(this.#queue, syntax)
  }

  /** Position of the first undecided byte in the stream. */
  get position(): number {
    return this.#queue.taken
  }

  /** Number of consecutive matching headers from this position on, while the scanner needs more of them to lock. */
  get chainHeaders(): number {
    return this.#chain.headers
  }

  push(chunk: Buffer, emit: Emit): void {
    this.#queue.append(chunk)
    if (this.#queue.length >= this.#need) this.#run(false, emit)
  }

  /** See `FrameFilter.flush`. */
  flush(emit: Emit): void {
    this.#run(true, emit)
  }

  end(emit: Emit): void {
    this.#run(true, emit)
  }

  #run(ended: boolean, emit: Emit): void {
    this.#need = 1
    while (this.#queue.length > 0) {
      const need = this.#tags.isInside ? this.#passTag(ended) : this.#step(ended, emit)
      if (need > this.#queue.length && !ended) {
        this.#need = need
        return
      }
    }
  }

  /** Each step takes bytes from the queue and returns 0, or returns how many bytes it needs; after the end it needs none. */
  #step(ended: boolean, emit: Emit): number {
    const queue = this.#queue
    if (queue.front[queue.head] !== SYNC_BYTE) return this.#tag(ended)
    const { headerBytes } = this.#syntax
    if (queue.length < headerBytes && !ended) return headerBytes
    const at = queue.look(0, headerBytes)
    const bytes = this.#syntax.frameBytes(queue.found, at)
    if (bytes === 0) return this.#refuse()
    const same = this.#locked && this.#syntax.kind(queue.found, at) === this.#kind
    return same ? this.#frame(bytes, ended, emit) : this.#lock(ended)
  }

  #tag(ended: boolean): number {
    const { front, head, length } = this.#queue
    const first = front[head]
    if (first === 0 && this.#queue.taken === this.leadingBytes) return this.#passZeros()
    if (!mayBeginTag(front, head) && !(this.#locked && first === ID3V1_FIRST_BYTE)) return this.#refuse()
    if (length < TAG_HEAD_BYTES && !ended) return TAG_HEAD_BYTES
    const at = this.#queue.look(0, TAG_HEAD_BYTES)
    return this.#tags.begin(this.#queue.found, at) ? 0 : this.#refuse()
  }

  #passTag(ended: boolean): number {
    const before = this.#queue.taken
    const need = this.#tags.pass(ended)
    if (before === this.leadingBytes) this.leadingTagBytes = this.leadingBytes = this.#queue.taken
    if (this.#tags.wasCut) this.#locked = false
    return need
  }

  #passZeros(): number {
    const { front, head } = this.#queue
    let at = head
    while (at < front.length && front[at] === 0) at++
    this.#pass(at - head)
    this.leadingBytes = this.#queue.taken
    return 0
  }

  #frame(bytes: number, ended: boolean, emit: Emit): number {
    if (bytes > this.#limit) return this.#refuse(bytes)
    if (this.#queue.length < bytes + TAG_HEAD_BYTES && !ended) return bytes + TAG_HEAD_BYTES
    const isWhole = endsAtBoundary(this.#queue, bytes, this.#syntax) || endsAtText(this.#queue, bytes, this.#syntax)
    return isWhole ? this.#emit(bytes, emit) : this.#frameBeforeBroken(bytes, ended, emit)
  }

  /** No header follows the frame. If there is a header one frame later, only the header in between is broken. */
  #frameBeforeBroken(bytes: number, ended: boolean, emit: Emit): number {
    const need = 2 * bytes + 1 + this.#syntax.headerBytes
    if (this.#queue.length < need && !ended) return need
    const broken = brokenFrameBytes(this.#queue, bytes, this.#syntax)
    if (broken === 0) return this.#refuse()
    this.#emit(bytes, emit)
    this.#pass(broken)
    this.beginnings++
    return 0
  }

  #emit(bytes: number, emit: Emit): number {
    const frame = this.#queue.take(bytes)
    if (this.#syntax.isSound(frame)) emit({ bytes: frame, durationUs: this.#syntax.durationUs(frame, 0) })
    else this.beginnings++
    return 0
  }

  /** Locks when three consecutive headers are found, or when a short source has only fewer. */
  #lock(ended: boolean): number {
    const queue = this.#queue
    const chain = this.#chain
    const need = chain.follow(queue, this.#syntax)
    if (need > 0 && !ended) return need
    // Fewer headers are accepted if nothing else follows up to the end, and either no bytes were skipped before or the kind
    // is the last one.
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
   * Neither a frame nor a tag begins here. Skips to the next position where one may begin.
   * @param oversizeBytes the frame length that was too large, in bytes; 0 for any other reason.
   */
  #refuse(oversizeBytes = 0): number {
    this.oversizeBytes ||= oversizeBytes
    const { front, head } = this.#queue
    const bytes = nextBoundary(front, head + 1, this.#syntax) - head
    this.#locked = false
    this.#chain.headers = 0
    this.#pass(bytes)
    return 0
  }

  #pass(bytes: number): void {
    this.skippedBytes += bytes
    this.#queue.drop(bytes)
  }
}
