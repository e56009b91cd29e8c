import type { Patch } from '../frame-file.ts'
import { pageStarts } from './packet-samples.ts'
import {
  endsStream,
  granuleOf,
  isContinued,
  openSegments,
  SEQUENCE_AT,
  seal,
  sequenceOf,
  setGranule,
  withEnd,
} from './page.ts'

/** One logical stream of an Ogg file: its pages with numbers of their own, and without a hole. */
export class FileStream {
  /** Added to granule positions; undefined: the first page of sound decides. */
  shift: number | undefined
  /** Position at the end of the last page, in units of its codec. */
  granule = 0
  #sequence = 0
  /** Expected number of the next page in the stream. */
  #expected: number | undefined
  #last: { readonly at: number; readonly page: Buffer } | undefined
  readonly #startOf: (page: Buffer, granule: number) => number

  /** @param first its first page */
  constructor(first: Buffer) {
    this.#startOf = pageStarts(first)
  }

  /**
   * Returns the next page as it is in the file. @param at its position there, in bytes
   * @param isAlone no other logical stream must keep its position relative to this one
   */
  page(page: Buffer, at: number, isAlone: boolean): Buffer {
    const copy = Buffer.from(page)
    // Decoders must not join the beginning of a packet with the rest of another one.
    if (this.#isBroken(page)) this.#sequence++
    this.#expected = (sequenceOf(page) + 1) >>> 0
    copy.writeUInt32LE(this.#sequence++ >>> 0, SEQUENCE_AT)
    const granule = granuleOf(page)
    // Headers have the position 0.
    if (granule !== undefined && granule > 0) {
      this.shift ??= isAlone ? -this.#startOf(page, granule) : 0
      this.granule = Math.max(0, granule + this.shift)
      setGranule(copy, this.granule)
    }
    seal(copy)
    this.#last = { at, page: copy }
    return copy
  }

  /** Returns what marks its last page as the last one; none when it is. */
  end(): Patch[] {
    if (this.#last === undefined || endsStream(this.#last.page)) return []
    return [{ at: this.#last.at, bytes: withEnd(this.#last.page) }]
  }

  #isBroken(page: Buffer): boolean {
    if (this.#last === undefined || sequenceOf(page) === this.#expected) return false
    return isContinued(page) || openSegments(this.#last.page) > 0
  }
}
