import type { CreateFilter, Emit, FilterOptions, FrameFilter, RingView } from '../frame-filter.ts'
import { createTitleNews } from '../titles/title-news.ts'
import { describeCodec } from './codec.ts'
import { isOggFrame } from './lead-in.ts'
import { Link, type OggFrame } from './link.ts'
import { beginsStream, endsStream, granuleOf, sequenceOf, serialOf, withSerial } from './page.ts'
import { PageScanner } from './page-scanner.ts'
import { oggPreamble } from './preamble.ts'
import { SerialNumbers } from './serials.ts'
import { advance } from './time.ts'

/**
 * Filter for Ogg (RFC 3533) with Opus (RFC 7845), Vorbis, FLAC or any other codec: a frame is a page. The headers of a link
 * are held until they are complete, so that no listener gets a link that cannot be decoded; pages without headers are
 * skipped.
 *
 * For listeners that stay connected, links follow one another, within one opening or across several. opusdec, oggdec,
 * ffmpeg, sox and Chromium continue with the next link without a message if it has the same format and another serial
 * number (see `SerialNumbers`); libFLAC up to 1.4 does not check for a next link. If a link was cut short, without the flag
 * that ends it, only oggz-validate reports an error, and it would also report an empty page with that flag.
 */
class OggFilter implements FrameFilter {
  readonly #scanner: PageScanner
  readonly #options: FilterOptions
  readonly #serials: SerialNumbers
  readonly #titleNews = createTitleNews()
  /** The link whose headers are being received. */
  #coming: Link | undefined
  /** The link whose sound is being received. */
  #link: Link | undefined
  /** The last link whose headers were complete. */
  #known: Link | undefined
  /** Number of bytes of whole pages that no listener can use. */
  #uselessBytes = 0

  constructor(options: FilterOptions) {
    this.#options = options
    this.#serials = serialsBefore(options.ring)
    this.#scanner = new PageScanner(options.frameBytes)
  }

  get contentType(): string | undefined {
    return this.#known?.contentType
  }

  get format(): string | undefined {
    return this.#known?.format
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
    return this.#uselessBytes > 0 ? 'Ogg pages without the headers of their stream' : 'no Ogg page'
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
    this.#coming = new Link(this.#serials)
  }

  #header(link: Link, page: Buffer, emit: Emit): void {
    if (!link.isHeader(page)) {
      if (link.hasHeaders) this.#launch(link, emit)
      this.#abandon()
      this.#sound(page, emit)
    } else if (!link.addHeader(page)) {
      this.#abandon()
      this.#uselessBytes += page.length
    } else if (isWithoutSound(link, page)) this.#abandon()
    else if (link.hasLastHeader) this.#launch(link, emit)
  }

  /** Emits the headers of a link. */
  #launch(link: Link, emit: Emit): void {
    this.#coming = undefined
    this.#link = link
    this.#known = link
    link.completeHeaders()
    const title = this.#titleNews(link.title)
    for (const page of link.headerPages) emitPage(page, 0, link, emit, link.placed === 0 ? title : undefined)
  }

  /** Drops incomplete headers. */
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
    emitPage(withSerial(page, stream.serial), advance(stream, granuleOf(page)), this.#link, emit)
  }
}

/** Returns whether a link ends with its headers, as at each start of ices2. A listener must not notice it. */
function isWithoutSound(link: Link, page: Buffer): boolean {
  return endsStream(page) && link.streams.size === 1
}

function emitPage(bytes: Buffer, durationUs: number, link: Link, emit: Emit, title?: string): void {
  const frame: OggFrame = { bytes, durationUs, link, place: link.placed++, ...(title !== undefined && { title }) }
  emit(frame)
}

/** Returns the serial numbers that earlier openings have used. */
function serialsBefore(ring: RingView | undefined): SerialNumbers {
  const last = ring?.at(ring.next - 1)
  return isOggFrame(last) ? last.link.serials : new SerialNumbers()
}

/** Creates the filter `ogg`. */
export const createOgg: CreateFilter = (options) => new OggFilter(options)
