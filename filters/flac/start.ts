import type { ByteQueue } from '../bytes/byte-queue.ts'
import { ID3_FIRST_BYTE, TAG_HEAD_BYTES, tagBytes } from '../titles/tags.ts'
import { titleOfComments } from '../titles/vorbis-comment.ts'
import { allowAnyBlock, forgetLength, readStreamInfo, STREAMINFO_BYTES, type StreamInfo } from './streaminfo.ts'

/**
 * What a stream of FLAC begins with: RFC 9639 8.
 *
 * ```
 *   fLaC | L:1 type:7 length:24 | STREAMINFO | L:1 type:7 length:24 | tags, cover, ... | frames      L marks the last block
 * ```
 */

/** The beginning of every stream. */
const MAGIC = Buffer.from('fLaC')
const BLOCK_HEAD_BYTES = 4
/** Position of STREAMINFO in a stream, in bytes. */
export const INFO_AT = MAGIC.length + BLOCK_HEAD_BYTES
/** Length of `fLaC` and STREAMINFO, in bytes. */
export const START_BYTES = INFO_AT + STREAMINFO_BYTES
const LAST = 0x80
const COMMENTS = 4
/** Comments of more bytes are passed over. */
const MAX_COMMENT_BYTES = 256 * 1024
/** No block's, because it would look like a frame. */
const FORBIDDEN_TYPE = 0x7f

/** The beginning of a stream. */
export interface FlacStart {
  readonly info: StreamInfo
  /** `fLaC` and STREAMINFO as the last block, without values valid only for this stream alone, from its beginning. */
  readonly header: Buffer
  /** What is playing, as its comments say; empty when they do not. */
  readonly title: string
}

/** Whether `fLaC` and the head of a STREAMINFO are at `at`: 8 bytes, too long for a coincidence. */
export function beginsFlac(bytes: Buffer, at: number): boolean {
  if (bytes[at] !== MAGIC[0] || MAGIC.compare(bytes, at, at + MAGIC.length) !== 0) return false
  return (bytes.readUInt32BE(at + MAGIC.length) & 0x7fffffff) === STREAMINFO_BYTES
}

/** Takes beginnings of streams from a queue: a tag in front of the first one, `fLaC`, and all metadata. */
export class FlacStartReader {
  /** The last stream that began; undefined before the first. */
  start: FlacStart | undefined
  readonly #queue: ByteQueue
  /** Bytes of a tag or a block that have not been received yet. */
  #left = 0
  #isInBlocks = false

  constructor(queue: ByteQueue) {
    this.#queue = queue
  }

  /** @returns 0 when it took bytes; how many it needs; or undefined when nothing of this kind comes next. */
  read(ended: boolean): number | undefined {
    if (this.#left > 0) return this.#pass()
    if (this.#isInBlocks) return this.#block(ended)
    const queue = this.#queue
    const mayBeTag = queue.taken === 0 && queue.front[queue.head] === ID3_FIRST_BYTE
    if (queue.front[queue.head] !== MAGIC[0] && !mayBeTag) return undefined
    if (queue.length < TAG_HEAD_BYTES && !ended) return TAG_HEAD_BYTES
    const at = queue.look(0, TAG_HEAD_BYTES)
    if (mayBeTag) this.#left = tagBytes(queue.found, at)
    if (this.#left > 0) return 0
    if (!beginsFlac(queue.found, at)) return undefined
    if (queue.length < START_BYTES) return ended ? undefined : START_BYTES
    this.#begin(queue.take(START_BYTES))
    return 0
  }

  #begin(bytes: Buffer): void {
    const header = Buffer.from(bytes)
    header[MAGIC.length] = LAST
    forgetLength(header, INFO_AT)
    allowAnyBlock(header, INFO_AT)
    this.start = { info: readStreamInfo(bytes, INFO_AT), header, title: '' }
    this.#isInBlocks = bytes[MAGIC.length] !== LAST
  }

  #block(ended: boolean): number {
    const queue = this.#queue
    if (queue.length < BLOCK_HEAD_BYTES) return ended ? this.#drop(queue.length) : BLOCK_HEAD_BYTES
    const at = queue.look(0, BLOCK_HEAD_BYTES)
    const first = queue.found[at] ?? 0
    const bytes = queue.found.readUIntBE(at + 1, 3)
    const isComments = (first & FORBIDDEN_TYPE) === COMMENTS && bytes <= MAX_COMMENT_BYTES
    if (isComments && queue.length < BLOCK_HEAD_BYTES + bytes && !ended) return BLOCK_HEAD_BYTES + bytes
    const isBlock = (first & FORBIDDEN_TYPE) !== FORBIDDEN_TYPE
    this.#isInBlocks = isBlock && first < LAST
    if (!isBlock) return 0
    this.#drop(BLOCK_HEAD_BYTES)
    if (isComments) this.#comments(queue.take(Math.min(bytes, queue.length)))
    else this.#left = bytes
    return 0
  }

  #comments(bytes: Buffer): void {
    if (this.start !== undefined) this.start = { ...this.start, title: titleOfComments(bytes) }
  }

  #pass(): number {
    const before = this.#queue.taken
    this.#queue.drop(this.#left)
    this.#left -= this.#queue.taken - before
    return 0
  }

  #drop(bytes: number): number {
    this.#queue.drop(bytes)
    return 0
  }
}
