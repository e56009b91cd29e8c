import type { Frame } from '../frame-filter.ts'
import { formatOfCodec, identify, type OggCodec } from './codec.ts'
import { titleOfHeaders } from './comments.ts'
import { HeaderTemplate } from './headers.ts'
import { leanHeaders } from './lean-headers.ts'
import { beginsStream, bodyOf, granuleOf, packetsEndingIn, sequenceOf, serialOf, withSerial } from './page.ts'
import type { SerialNumbers } from './serials.ts'

/**
 * Maximum length of all headers, in bytes. They are held until they are complete; covers, which are left out afterwards,
 * make them large.
 */
const MAX_HEADER_BYTES = 16 * 1024 * 1024
/** Maximum number of logical streams. Sound, pictures and subtitles in many languages need fewer. */
const MAX_STREAMS = 64

/** One logical stream of a link: its codec according to its first page, and its current position. */
export interface LogicalStream {
  readonly codec: OggCodec
  /** Serial number of its emitted pages. */
  readonly serial: number
  /** Number of header packets not yet received; undefined if only granule positions show whether a page is a header. */
  headersLeft: number | undefined
  /** Expected number of its next page. */
  nextSequence: number
  /** The last granule position. */
  granule: number
}

/** A page as a frame. It refers to its link, because a ring may hold pages of several links. */
export interface OggFrame extends Frame {
  readonly link: Link
  /** Number of pages of the link that were emitted before it. */
  readonly place: number
}

/**
 * A link of a chain: the logical streams that begin together, up to the beginning of the next ones (RFC 3533 4).
 *
 * ```
 *   [BOS a][BOS b][headers of a][headers of b][a][b][a][a][b] ...
 *   '------------- headerPages --------------''---- sound ---
 * ```
 *
 * All headers precede all sound. A listener that starts later needs all of them.
 */
export class Link {
  /** The logical streams by their serial numbers in the source. */
  readonly streams = new Map<number, LogicalStream>()
  /** The header pages, with the serial numbers of the emitted stream. */
  readonly headerPages: Buffer[] = []
  /** The serial numbers of this link and earlier ones. */
  readonly serials: SerialNumbers
  /** Number of pages that were emitted. */
  placed = 0
  #headerBytes = 0
  #headers: HeaderTemplate | undefined

  constructor(serials: SerialNumbers) {
    this.serials = serials
  }

  /** The headers for listeners that start in the middle. */
  get headers(): HeaderTemplate {
    this.#headers ??= new HeaderTemplate(this.headerPages)
    return this.#headers
  }

  /** Whether all headers have been received, as far as their number is known. */
  get hasHeaders(): boolean {
    return this.#every((left) => left === undefined || left === 0)
  }

  /** Whether no more headers can follow. */
  get hasLastHeader(): boolean {
    return this.#every((left) => left === 0)
  }

  /** `audio/ogg` with its codec (RFC 5334, RFC 7845); `application/ogg` unless the link is a single stream of sound. */
  get contentType(): string {
    const [first] = this.streams.values()
    const mediaName = this.streams.size === 1 ? first?.codec.mediaName : undefined
    return mediaName === undefined ? 'application/ogg' : `audio/ogg; codecs=${mediaName}`
  }

  /** The format, which must be equal for a player to continue from another link: `Opus, 48000 Hz, stereo`. */
  get format(): string {
    return [...this.streams.values()].map(({ codec }) => formatOfCodec(codec)).join(' + ')
  }

  /** The title according to the comments; empty if they contain none. */
  get title(): string {
    return titleOfHeaders(this.headerPages)
  }

  /**
   * Returns whether this page, the first of a logical stream, can belong to this link: first pages precede all other pages.
   */
  takesStream(page: Buffer): boolean {
    return this.headerPages.length === this.streams.size && !this.streams.has(serialOf(page))
  }

  /** Returns whether `page` is one of the headers, while they are being received. */
  isHeader(page: Buffer): boolean {
    const left = this.streams.get(serialOf(page))?.headersLeft
    return beginsStream(page) || (left === undefined ? granuleOf(page) === 0 : left > 0)
  }

  /**
   * Adds a page of headers.
   * @returns false if a page before it is missing, or if there are too many headers.
   */
  addHeader(page: Buffer): boolean {
    if (beginsStream(page)) this.#beginStream(page)
    const stream = this.streams.get(serialOf(page))
    this.#headerBytes += page.length
    if (this.#headerBytes > MAX_HEADER_BYTES || this.streams.size > MAX_STREAMS) return false
    if (stream?.nextSequence !== sequenceOf(page)) return false
    stream.nextSequence = (stream.nextSequence + 1) >>> 0
    if (stream.headersLeft !== undefined) stream.headersLeft = Math.max(0, stream.headersLeft - packetsEndingIn(page))
    this.headerPages.push(withSerial(page, stream.serial))
    return true
  }

  /** Called after the last header: leaves out what listeners do not need. */
  completeHeaders(): void {
    this.headerPages.splice(0, this.headerPages.length, ...leanHeaders(this.headerPages))
  }

  /** Returns the number of the next page of a logical stream. */
  nextSequence(serial: number): number {
    return [...this.streams.values()].find((stream) => stream.serial === serial)?.nextSequence ?? 0
  }

  #beginStream(page: Buffer): void {
    const codec = identify(bodyOf(page))
    const [headersLeft, nextSequence] = [codec.headerPackets, sequenceOf(page)]
    const serial = this.serials.take(serialOf(page))
    this.streams.set(serialOf(page), { codec, serial, headersLeft, nextSequence, granule: 0 })
  }

  #every(isDone: (headersLeft: number | undefined) => boolean): boolean {
    return [...this.streams.values()].every(({ headersLeft }) => isDone(headersLeft))
  }
}
