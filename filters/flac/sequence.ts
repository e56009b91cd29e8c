import type { Frame, RingView } from '../frame-filter.ts'
import { createTitleNews } from '../titles/title-news.ts'
import type { FlacHeader } from './header.ts'
import { flacNumbering, withNumber } from './number.ts'
import type { FlacStart } from './start.ts'

/** A frame that knows the stream it belongs to. */
export interface FlacFrame extends Frame {
  readonly start: FlacStart
  /** By its own number, it does not follow the frame before it. */
  readonly isAfterGap: boolean
}

export function isFlacFrame(frame: Frame | undefined): frame is FlacFrame {
  return frame !== undefined && 'start' in frame
}

/** Makes frames of FLAC out of their bytes, each to follow the one before it, whatever stream that was of. */
export class FlacSequence {
  readonly #titleNews = createTitleNews()
  /** Number of the next frame; undefined: its own. */
  #number: number | undefined
  /** The stream that is coming. */
  #start: FlacStart | undefined
  /** Number that the next frame has itself if none is missing. */
  #ownNumber = 0

  /** @param ring the frames of the openings before. @param isNumbered without such frames, the first one keeps its number */
  constructor(ring: RingView | undefined, isNumbered: boolean) {
    const last = ring?.at(ring.next - 1)
    this.#number = isFlacFrame(last) ? flacNumbering.after(last.bytes) : isNumbered ? undefined : 0
  }

  /** The next frame. */
  frame(bytes: Buffer, header: FlacHeader, start: FlacStart): FlacFrame {
    const isFirst = start !== this.#start
    const title = isFirst ? this.#titleNews(start.title) : undefined
    const isAfterGap = !isFirst && header.number !== this.#ownNumber
    this.#start = start
    this.#ownNumber = header.number + (header.varies ? header.blockSize : 1)
    const numbered = withNumber(bytes, header, this.#number ?? flacNumbering.of(bytes))
    this.#number = flacNumbering.after(numbered)
    return {
      bytes: numbered,
      durationUs: start.info.rate > 0 ? (header.blockSize * 1e6) / start.info.rate : 0,
      start,
      isAfterGap,
      ...(title !== undefined && { title }),
    }
  }
}
