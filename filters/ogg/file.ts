import type { FilePlace, FrameFile, Patch } from '../frame-file.ts'
import type { RingView } from '../frame-filter.ts'
import { createPlainFile } from '../plain-file.ts'
import { ComingLink } from './coming-link.ts'
import { FileStream } from './file-stream.ts'
import { endless } from './headers.ts'
import { isOggFrame } from './lead-in.ts'
import type { OggFrame } from './link.ts'
import { beginsStream, granuleOf, pageBytes, serialOf } from './page.ts'
import { preRollOf, withPreSkip } from './pre-roll.ts'

const NOTHING = Buffer.alloc(0)
const OPUS = '.opus'
const EXTENSIONS: ReadonlyMap<string | undefined, string> = new Map([
  ['opus', OPUS],
  ['vorbis', '.ogg'],
  ['flac', '.oga'],
])

/**
 * Ogg files (RFC 3533): pages have numbers of their own, positions begin at 0, and the last page of each logical stream is marked in
 * the end. A packet that continues over the cut is in the file in which it ends.
 */
class OggFile implements FrameFile {
  readonly extension: string
  readonly contentType: string
  readonly head: Buffer
  readonly #streams = new Map<number, FileStream>()
  readonly #patches: Patch[] = []
  #bytes = 0
  /** The last page was the first one of a logical stream. */
  #isBeginning = false
  /** Headers of a link that begins in the file. A file that ends with them, without sound, is broken for opusdec and oggdec. */
  readonly #coming = new ComingLink()

  /** @param preamble headers, and the beginning of a packet that continues in the first page */
  constructor({ frames, ring, at }: FilePlace, frame: OggFrame, preamble: Buffer) {
    const { link } = frame
    const [stream] = link.streams.values()
    this.extension = (link.streams.size === 1 && EXTENSIONS.get(stream?.codec.mediaName)) || '.ogg'
    this.contentType = frames.format.contentType ?? link.contentType
    this.head = Buffer.concat(preamble.length > 0 ? this.#begin(at, frame, ring, preamble) : [])
  }

  add(frames: readonly Buffer[]): readonly Buffer[] {
    return frames.flatMap((page) => this.#coming.take(page)).map((page) => this.#page(page))
  }

  rejoin({ frames, ring, at }: FilePlace, missedFrom: number): Buffer | null {
    const preamble = frames.preamble(at, ring, false, missedFrom)
    if (preamble === null) return null
    const pages = pagesIn(preamble)
    const hasHeaders = pages[0] !== undefined && beginsStream(pages[0])
    const headers = this.#coming.end()
    const bytes = Buffer.concat((hasHeaders ? pages : [...headers, ...pages]).map((page) => this.#page(page)))
    const frame = ring.at(at)
    if (isOggFrame(frame)) this.#continueAt(at, frame, ring)
    return bytes
  }

  end() {
    const ends = [...this.#streams.values()].flatMap((stream) => stream.end())
    return { tail: NOTHING, patches: [...this.#patches, ...ends] }
  }

  /** Begins in the middle of a link. @returns the pages before the first one */
  #begin(at: number, frame: OggFrame, ring: RingView, preamble: Buffer): Buffer[] {
    const { headerPages, streams } = frame.link
    const pages = pagesIn(preamble)
    const isFirst = frame.place === headerPages.length
    if (isFirst || streams.size > 1) return pages.map((page) => this.#page(page))
    const preRoll = preRollOf(at, frame.link, ring)
    const [first = NOTHING, ...others] = pages.slice(0, headerPages.length)
    const isOpus = this.extension === OPUS
    const headers = [isOpus ? withPreSkip(first, preRoll.samples) : first, ...others]
    const written = [...headers, ...preRoll.pages].map((page) => this.#page(page))
    this.#continueAt(at, frame, ring)
    return [...written, ...pages.slice(headerPages.length).map((page) => this.#page(page))]
  }

  /** Makes positions continue with those of a frame. */
  #continueAt(at: number, frame: OggFrame, ring: RingView): void {
    const stream = this.#streams.get(serialOf(frame.bytes))
    const granule = granuleBefore(at, frame, ring)
    if (stream !== undefined && granule !== undefined) stream.shift = stream.granule - granule
  }

  #page(page: Buffer): Buffer {
    if (beginsStream(page)) this.#beginStream(page)
    const stream = this.#streams.get(serialOf(page)) ?? this.#beginStream(page)
    this.#isBeginning = beginsStream(page)
    const written = stream.page(endless(page), this.#bytes, this.#streams.size === 1)
    this.#bytes += written.length
    return written
  }

  /** All first pages of a link precede its other pages. */
  #beginStream(page: Buffer): FileStream {
    if (beginsStream(page) && !this.#isBeginning) {
      for (const stream of this.#streams.values()) this.#patches.push(...stream.end())
      this.#streams.clear()
    }
    const stream = new FileStream(page)
    this.#streams.set(serialOf(page), stream)
    return stream
  }
}

/** Makes a file of Ogg. */
export function createOggFile(place: FilePlace, preamble: Buffer): FrameFile {
  const frame = place.ring.at(place.at)
  return isOggFrame(frame) ? new OggFile(place, frame, preamble) : createPlainFile(place, preamble)
}

/** Returns the position before a frame; undefined: it is not known. */
function granuleBefore(at: number, frame: OggFrame, ring: RingView): number | undefined {
  const { link, bytes, durationUs } = frame
  const rate = [...link.streams.values()].find(({ serial }) => serial === serialOf(bytes))?.codec.rate ?? 0
  if (rate === 0) return undefined
  for (let seq = at - 1; seq >= ring.first; seq--) {
    const page = ring.at(seq)
    if (!isOggFrame(page) || page.link !== link || page.place < link.headerPages.length) break
    const granule = serialOf(page.bytes) === serialOf(bytes) ? granuleOf(page.bytes) : undefined
    if (granule !== undefined) return granule
  }
  const granule = granuleOf(bytes)
  return granule === undefined || durationUs === 0 ? undefined : granule - Math.round((durationUs * rate) / 1e6)
}

function pagesIn(bytes: Buffer): Buffer[] {
  const pages: Buffer[] = []
  for (let at = 0; at < bytes.length; at += pages.at(-1)?.length ?? bytes.length) {
    pages.push(bytes.subarray(at, at + pageBytes(bytes, at)))
  }
  return pages
}
