import { isFlacFrame } from '../../filters/flac/sequence.ts'
import type { Frame } from '../../filters/frame-filter.ts'
import { Reservoir } from '../../filters/mpeg/reservoir.ts'
import { isOggFrame } from '../../filters/ogg/lead-in.ts'
import { granuleOf, sequenceOf, serialOf } from '../../filters/ogg/page.ts'

/** Whether a frame has sound, and is not a page of headers. */
export function hasSound(frame: Frame): boolean {
  return !isOggFrame(frame) || granuleOf(frame.bytes) !== 0
}

/** Finds frames that do not follow one another, although each is whole: a server has omitted some in between. */
export class Continuity {
  /** Number of frames at the beginning that need sound of earlier ones (MP3). */
  undecodableFrames = 0
  /** Number of places where frames are missing. */
  gaps = 0
  #wasDecodable = false
  readonly #reservoir = new Reservoir()
  /** Logical streams of Ogg in the current link: number of the next page. */
  #pages = new Map<number, number>()
  #link: unknown

  /**
   * Adds the next frame with sound.
   * @param isMpeg it is one of MPEG audio @param isAfterBreak bytes before it were skipped, so that a gap is no news
   */
  add(frame: Frame, isMpeg: boolean, isAfterBreak: boolean): void {
    if (isMpeg) return this.#addMpeg(frame, isAfterBreak)
    const isGap = isOggFrame(frame)
      ? this.#isPageMissing(frame.bytes, frame.link)
      : isFlacFrame(frame) && frame.isAfterGap
    if (isGap && !isAfterBreak) this.gaps++
  }

  #addMpeg(frame: Frame, isAfterBreak: boolean): void {
    const before = this.#reservoir.withheldBytes
    this.#reservoir.push(frame, isAfterBreak, () => {})
    const isDecodable = this.#reservoir.withheldBytes === before
    if (this.#isBeginning(isDecodable)) this.undecodableFrames += isDecodable ? 0 : 1
    else if (!isDecodable && this.#wasDecodable && !isAfterBreak) this.gaps++
    this.#wasDecodable = isDecodable
  }

  #hasDecoded = false
  #isBeginning(isDecodable: boolean): boolean {
    const isBeginning = !this.#hasDecoded
    this.#hasDecoded ||= isDecodable
    return isBeginning
  }

  #isPageMissing(page: Buffer, link: unknown): boolean {
    if (link !== this.#link) this.#pages = new Map()
    this.#link = link
    const [serial, sequence] = [serialOf(page), sequenceOf(page)]
    const expected = this.#pages.get(serial)
    this.#pages.set(serial, (sequence + 1) >>> 0)
    return expected !== undefined && expected !== sequence
  }
}
