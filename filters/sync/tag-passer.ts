import type { ByteQueue } from '../bytes/byte-queue.ts'
import {
  beginsLyrics,
  endsLyrics,
  id3ItemBytes,
  id3ItemHeadBytes,
  id3Items,
  LYRICS_END_BYTES,
  TAG_HEAD_BYTES,
  tagBytes,
} from '../titles/tags.ts'
import { nextHeader, SYNC_BYTE } from './frame-boundaries.ts'
import { LOCK_HEADERS } from './header-chain.ts'
import type { Syntax } from './syntax.ts'

/** Maximum length of a Lyrics3 tag, in bytes. Its length is unknown until its end. */
const MAX_LYRICS_BYTES = 64 * 1024
/**
 * Length of consecutive frames, in bytes, that are treated as sound although they are within an item of a tag. This is also
 * the maximum that is held back.
 */
const CERTAIN_BYTES = 256 * 1024
/** The same, where no item begins at the expected position or the content of the tag is unknown. */
const LIKELY_BYTES = 16 * 1024

/**
 * Skips a tag by its length, and detects when the tag was cut short, so that the sound after it is not lost:
 *
 * ```
 *   whole   [head|item|item: ... picture ...|padding] [frame][frame]
 *   cut     [head|item|item: ... pict[frame][frame][frame][fra|me][frame]
 *                                                          '-- end of the item as claimed: a frame lies across it
 * ```
 *
 * Three or more matching headers are not a coincidence, but an item may contain a whole file of sound. So the frames end
 * the tag only if they continue across the end of the item, or to the end of the source, or for very long.
 */
export class TagPasser {
  /** True if the last tag ended before its claimed end. */
  wasCut = false
  readonly #queue: ByteQueue
  readonly #syntax: Syntax
  /** Positions in the stream: the end of the tag and the end of the current item. */
  #end = 0
  #itemEnd = 0
  /** Version of the item headers; undefined if unknown. */
  #version: 2 | 3 | 4 | undefined
  /** No item begins at the expected position, or the content is unknown. */
  #isLoose = false
  #isLyrics = false
  /**
   * Number of consecutive matching headers from the head of the queue on, their common kind, and the end of their last
   * frame.
   */
  #headers = 0
  #kind = 0
  #chainEnd = 0

  constructor(queue: ByteQueue, syntax: Syntax) {
    this.#queue = queue
    this.#syntax = syntax
  }

  /** True while there are bytes of a tag to skip. */
  get isInside(): boolean {
    return this.#queue.taken < this.#end
  }

  /**
   * @param at the index in `bytes` of the first byte of the queue, where a tag may begin; `TAG_HEAD_BYTES` are readable
   * from there.
   * @returns whether one begins.
   */
  begin(bytes: Buffer, at: number): boolean {
    this.#isLyrics = beginsLyrics(bytes, at)
    const length = this.#isLyrics ? MAX_LYRICS_BYTES : tagBytes(bytes, at)
    if (length === 0) return false
    const items = id3Items(bytes, at)
    this.#end = this.#queue.taken + length
    this.#version = items?.version
    this.#itemEnd = Math.min(this.#end, this.#queue.taken + (items?.at ?? length))
    this.#isLoose = items === undefined && (this.#isLyrics || bytes[at] === 0x49)
    this.#headers = 0
    this.wasCut = false
    return true
  }

  /** @returns 0 after a step; otherwise the number of bytes that must be queued. */
  pass(ended: boolean): number {
    if (this.#headers > 0) return this.#follow(ended)
    if (this.#queue.taken === this.#itemEnd) return this.#item(ended)
    return this.#search(ended)
  }

  /** Continues at the end of an item that is not the end of the tag. */
  #item(ended: boolean): number {
    const queue = this.#queue
    const version = this.#version ?? 3
    const headBytes = id3ItemHeadBytes(version)
    if (queue.front[queue.head] === 0) return this.#padding()
    if (queue.length < headBytes && !ended) return headBytes
    const at = queue.look(0, headBytes)
    const bytes = id3ItemBytes(queue.found, at, version)
    this.#isLoose = bytes === 0 || queue.taken + bytes > this.#end
    this.#itemEnd = this.#isLoose ? this.#end : queue.taken + bytes
    if (!this.#isLoose) queue.drop(headBytes)
    return 0
  }

  #padding(): number {
    const { front, head, taken } = this.#queue
    const limit = Math.min(front.length, head + this.#end - taken)
    let at = head
    while (at < limit && front[at] === 0) at++
    this.#queue.drop(at - head)
    this.#itemEnd = this.#queue.taken
    return 0
  }

  /** Moves to the next byte where a frame may begin. */
  #search(ended: boolean): number {
    const { front, head, taken } = this.#queue
    const limit = Math.min(front.length, head + this.#itemEnd - taken)
    const found = nextHeader(front, head, limit, this.#syntax)
    const terminator = this.#isLyrics ? front.subarray(0, found).indexOf('L', head) : -1
    const at = terminator < 0 ? found : terminator
    if (at > head) {
      this.#queue.drop(at - head)
      return 0
    }
    return front[at] === SYNC_BYTE ? this.#header(ended) : this.#lyricsEnd(ended)
  }

  #header(ended: boolean): number {
    const { headerBytes } = this.#syntax
    if (this.#queue.length < headerBytes && !ended) return headerBytes
    const at = this.#queue.look(0, headerBytes)
    this.#chainEnd = this.#syntax.frameBytes(this.#queue.found, at)
    this.#kind = this.#syntax.kind(this.#queue.found, at)
    if (this.#chainEnd > 0) this.#headers = 1
    else this.#queue.drop(1)
    return 0
  }

  #lyricsEnd(ended: boolean): number {
    if (this.#queue.length < LYRICS_END_BYTES && !ended) return LYRICS_END_BYTES
    const at = this.#queue.look(0, LYRICS_END_BYTES)
    const isEnd = endsLyrics(this.#queue.found, at)
    this.#queue.drop(isEnd ? LYRICS_END_BYTES : 1)
    if (isEnd) this.#end = this.#queue.taken
    return 0
  }

  /** Follows the frames that were found. */
  #follow(ended: boolean): number {
    const queue = this.#queue
    if (this.#isSound(ended)) return this.#cut()
    const need = this.#chainEnd + TAG_HEAD_BYTES
    if (queue.length < need && !ended) return need
    const at = queue.look(this.#chainEnd, TAG_HEAD_BYTES)
    const bytes = this.#syntax.frameBytes(queue.found, at)
    const isNext = bytes > 0 && this.#syntax.kind(queue.found, at) === this.#kind
    const position = queue.taken + this.#chainEnd
    if (isNext && position > this.#itemEnd && this.#headers >= LOCK_HEADERS) return this.#cut()
    const further = isNext ? bytes : tagBytes(queue.found, at)
    const isEmbedded = position === this.#itemEnd
    const isTooLarge = !isNext && this.#chainEnd + further > CERTAIN_BYTES
    if (further === 0 || isEmbedded || isTooLarge) return this.#passChain()
    this.#chainEnd += further
    if (isNext) this.#headers++
    return 0
  }

  #isSound(ended: boolean): boolean {
    if (this.#headers < LOCK_HEADERS) return false
    if (ended && this.#chainEnd >= this.#queue.length) return true
    return this.#chainEnd >= (this.#isLoose ? LIKELY_BYTES : CERTAIN_BYTES)
  }

  /** Ends the tag where the frames begin. */
  #cut(): number {
    this.#end = this.#queue.taken
    this.#headers = 0
    this.wasCut = true
    return 0
  }

  /**
   * Three or more consecutive headers are not a coincidence, so their frames within an item are skipped at once: each byte
   * is checked once.
   */
  #passChain(): number {
    const isWhole = this.#headers >= LOCK_HEADERS
    this.#queue.drop(isWhole ? Math.min(this.#chainEnd, this.#itemEnd - this.#queue.taken) : 1)
    this.#headers = 0
    return 0
  }
}
