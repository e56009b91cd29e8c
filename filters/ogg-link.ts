import type { Frame } from './frame-filter.ts'
import { formatOfCodec, identify, type OggCodec } from './ogg-codec.ts'
import { titleOfHeaders } from './ogg-comments.ts'
import { HeaderTemplate } from './ogg-headers.ts'
import { leanHeaders } from './ogg-lean-headers.ts'
import { beginsStream, bodyOf, granuleOf, packetsEndingIn, sequenceOf, serialOf, withSerial } from './ogg-page.ts'
import type { SerialNumbers } from './ogg-serials.ts'

/** Maximum length of all headers, in bytes. They are held until they are whole; covers, which are then left out, make them large. */
const MAX_HEADER_BYTES = 16 * 1024 * 1024
/** Sound, pictures and subtitles in many languages are fewer. */
const MAX_STREAMS = 64

/** One logical stream of a link: what its first page says, and how far it has come. */
export interface LogicalStream {
  readonly codec: OggCodec
  /** The number that its pages go out with. */
  readonly serial: number
  /** Header packets that are still to come; undefined when only granule positions tell. */
  headersLeft: number | undefined
  /** The number that its next page should have. */
  nextSequence: number
  /** The last granule position. */
  granule: number
}

/** A page, as a frame. It knows the link it belongs to, because a ring may hold pages of several. */
export interface OggFrame extends Frame {
  readonly link: Link
  /** How many pages of the link went out before it. */
  readonly place: number
}

/**
 * A link of a chain: the logical streams that begin together, up to where the next ones begin (RFC 3533 4).
 *
 * ```
 *   [BOS a][BOS b][headers of a][headers of b][a][b][a][a][b] ...
 *   '------------- headerPages --------------''---- sound ---
 * ```
 *
 * All headers come before all sound. Whoever begins later needs them, whole.
 */
export class Link {
  /** By the serial numbers that they came with. */
  readonly streams = new Map<number, LogicalStream>()
  /** With the serial numbers that they go out with. */
  readonly headerPages: Buffer[] = []
  /** The serial numbers of this link and those before it. */
  readonly serials: SerialNumbers
  /** How many pages have gone out. */
  placed = 0
  #headerBytes = 0
  #headers: HeaderTemplate | undefined

  constructor(serials: SerialNumbers) {
    this.serials = serials
  }

  /** For who begins in the middle. */
  get headers(): HeaderTemplate {
    this.#headers ??= new HeaderTemplate(this.headerPages)
    return this.#headers
  }

  /** Whether all headers are there, as far as their number is known. */
  get hasHeaders(): boolean {
    return this.#every((left) => left === undefined || left === 0)
  }

  /** Whether no other header can come. */
  get hasLastHeader(): boolean {
    return this.#every((left) => left === 0)
  }

  /** `audio/ogg` with its codec (RFC 5334, RFC 7845), or for anything but one stream of sound `application/ogg`. */
  get contentType(): string {
    const [first] = this.streams.values()
    const mediaName = this.streams.size === 1 ? first?.codec.mediaName : undefined
    return mediaName === undefined ? 'application/ogg' : `audio/ogg; codecs=${mediaName}`
  }

  /** What a player must know before it can go on from another link: `Opus, 48000 Hz, stereo`. */
  get format(): string {
    return [...this.streams.values()].map(({ codec }) => formatOfCodec(codec)).join(' + ')
  }

  /** What is playing, as its comments say; empty when they do not. */
  get title(): string {
    return titleOfHeaders(this.headerPages)
  }

  /** Whether this page, which begins a logical stream, can begin one of this link: first pages come before all others. */
  takesStream(page: Buffer): boolean {
    return this.headerPages.length === this.streams.size && !this.streams.has(serialOf(page))
  }

  /** Whether `page` is one of the headers, as long as they are still coming. */
  isHeader(page: Buffer): boolean {
    const left = this.streams.get(serialOf(page))?.headersLeft
    return beginsStream(page) || (left === undefined ? granuleOf(page) === 0 : left > 0)
  }

  /** Takes a page of headers. @returns false when one before it is missing, or when they are too many. */
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

  /** No other header will come: leaves out what nobody needs. */
  completeHeaders(): void {
    this.headerPages.splice(0, this.headerPages.length, ...leanHeaders(this.headerPages))
  }

  /** The number of the page of a logical stream that is to come next. */
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
