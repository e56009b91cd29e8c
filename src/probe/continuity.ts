import { isFlacFrame } from '../../filters/flac/sequence.ts'
import type { Frame } from '../../filters/frame-filter.ts'
import { Reservoir } from '../../filters/mpeg/reservoir.ts'
import { isOggFrame } from '../../filters/ogg/lead-in.ts'
import type { Link, OggFrame } from '../../filters/ogg/link.ts'
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
  /** A frame of MP3 had all of its sound: any, and the last one. */
  #hasDecodable = false
  #wasDecodable = false
  readonly #reservoir = new Reservoir()
  /** Link of Ogg, and number of the next page of its logical streams. */
  #link: Link | undefined
  #pages = new Map<number, number>()

  /**
   * Adds the next frame with sound.
   * @param isMpeg it is one of MPEG audio @param isAfterBreak bytes before it were skipped, which explains a gap
   */
  add(frame: Frame, isMpeg: boolean, isAfterBreak: boolean): void {
    if (isMpeg) this.#addMpeg(frame, isAfterBreak)
    else if (!this.#follows(frame) && !isAfterBreak) this.gaps++
  }

  #addMpeg(frame: Frame, isAfterBreak: boolean): void {
    const before = this.#reservoir.withheldBytes
    this.#reservoir.push(frame, isAfterBreak, () => {})
    const isDecodable = this.#reservoir.withheldBytes === before
    this.#hasDecodable ||= isDecodable
    if (!this.#hasDecodable) this.undecodableFrames++
    else if (!isDecodable && this.#wasDecodable && !isAfterBreak) this.gaps++
    this.#wasDecodable = isDecodable
  }

  #follows(frame: Frame): boolean {
    if (isOggFrame(frame)) return this.#followsPage(frame)
    return !isFlacFrame(frame) || !frame.isAfterGap
  }

  #followsPage({ bytes, link }: OggFrame): boolean {
    if (link !== this.#link) this.#pages = new Map()
    this.#link = link
    const [serial, sequence] = [serialOf(bytes), sequenceOf(bytes)]
    const expected = this.#pages.get(serial) ?? sequence
    this.#pages.set(serial, (sequence + 1) >>> 0)
    return expected === sequence
  }
}
