import type { CreateFilter, Emit, FilterOptions, FrameFilter, RingView } from './frame-filter.ts'
import { describeCodec } from './ogg-codec.ts'
import { Link, type LogicalStream, type OggFrame } from './ogg-link.ts'
import { beginsStream, granuleOf, sequenceOf, serialOf } from './ogg-page.ts'
import { oggPreamble } from './ogg-preamble.ts'
import { PageScanner } from './page-scanner.ts'

/** A page that seems to sound longer, in microseconds, is one after a jump. */
const MAX_PAGE_US = 10_000_000

/**
 * Ogg (RFC 3533) with Opus (RFC 7845), Vorbis, FLAC or anything else: a frame is a page. The headers of a link are held until
 * they are whole, so that nobody gets a link that cannot be decoded; pages without headers are passed over.
 */
class OggFilter implements FrameFilter {
  readonly #scanner: PageScanner
  readonly #options: FilterOptions
  /** The link whose headers are coming. */
  #coming: Link | undefined
  /** The link whose sound is coming. */
  #link: Link | undefined
  /** The last link that had all its headers. */
  #known: Link | undefined
  /** Bytes of whole pages that nobody could do anything with. */
  #uselessBytes = 0

  constructor(options: FilterOptions) {
    this.#options = options
    this.#scanner = new PageScanner(options.frameBytes)
  }

  get contentType(): string | undefined {
    return this.#known?.contentType
  }

  get description(): string | undefined {
    if (this.#known === undefined) return undefined
    const streams = [...this.#known.streams.values()].map(({ codec }) => describeCodec(codec))
    return `Ogg ${streams.join(' + ')}`
  }

  get skippedBytes(): number {
    return this.#scanner.skippedBytes + this.#uselessBytes
  }

  get complaint(): string | undefined {
    const { oversizeBytes } = this.#scanner
    if (oversizeBytes > 0) {
      return `a page of ${oversizeBytes} bytes is larger than -frame-bytes ${this.#options.frameBytes}`
    }
    if (this.#known !== undefined || this.skippedBytes === 0) return undefined
    return this.#uselessBytes > 0 ? 'pages of Ogg without the headers of their stream' : 'no page of Ogg'
  }

  push(chunk: Buffer, emit: Emit): void {
    this.#scanner.push(chunk, (page) => this.#page(page, emit))
  }

  end(emit: Emit): void {
    this.#scanner.end((page) => this.#page(page, emit))
    if (this.#coming?.hasHeaders === true) this.#launch(this.#coming, emit)
    this.#abandon()
  }

  preamble(at: number, ring: RingView, joining: boolean, missedFrom?: number): Buffer | null {
    return oggPreamble(at, ring, joining, missedFrom)
  }

  #page(page: Buffer, emit: Emit): void {
    if (beginsStream(page) && this.#coming?.takesStream(page) !== true) this.#beginLink()
    if (this.#coming !== undefined) this.#header(this.#coming, page, emit)
    else this.#sound(page, emit)
  }

  #beginLink(): void {
    this.#abandon()
    this.#link = undefined
    this.#coming = new Link()
  }

  #header(link: Link, page: Buffer, emit: Emit): void {
    if (!link.isHeader(page)) {
      if (link.hasHeaders) this.#launch(link, emit)
      this.#abandon()
      this.#sound(page, emit)
    } else if (!link.addHeader(page)) {
      this.#abandon()
      this.#uselessBytes += page.length
    } else if (link.hasLastHeader) this.#launch(link, emit)
  }

  /** Lets the headers go out. */
  #launch(link: Link, emit: Emit): void {
    this.#coming = undefined
    this.#link = link
    this.#known = link
    for (const page of link.headerPages) emitPage(page, 0, link, emit)
  }

  /** Gives up on headers that are not whole. */
  #abandon(): void {
    for (const page of this.#coming?.headerPages ?? []) this.#uselessBytes += page.length
    this.#coming = undefined
  }

  #sound(page: Buffer, emit: Emit): void {
    const stream = this.#link?.streams.get(serialOf(page))
    if (this.#link === undefined || stream === undefined) {
      this.#uselessBytes += page.length
      return
    }
    stream.nextSequence = (sequenceOf(page) + 1) >>> 0
    emitPage(page, advance(stream, granuleOf(page)), this.#link, emit)
  }
}

function emitPage(bytes: Buffer, durationUs: number, link: Link, emit: Emit): void {
  const frame: OggFrame = { bytes, durationUs, link, place: link.placed++ }
  emit(frame)
}

/** @returns how long it takes from the last position to this one, in microseconds; 0 when that is not known, or a jump. */
function advance(stream: LogicalStream, granule: number | undefined): number {
  if (granule === undefined || stream.codec.rate === 0) return 0
  const us = ((granule - stream.granule) * 1e6) / stream.codec.rate
  stream.granule = granule
  return us >= 0 && us <= MAX_PAGE_US ? us : 0
}

/** Makes the filter `ogg`. */
export const createOgg: CreateFilter = (options) => new OggFilter(options)
