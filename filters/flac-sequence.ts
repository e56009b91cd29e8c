import type { FlacHeader } from './flac-header.ts'
import { numberAfter, shifted, withNumber } from './flac-number.ts'
import type { FlacStart } from './flac-start.ts'
import type { Frame, RingView } from './frame-filter.ts'
import { createTitleNews } from './title-news.ts'

/** A frame that knows the stream it belongs to, and what must follow it. */
export interface FlacFrame extends Frame {
  readonly start: FlacStart
  /** Whether numbers count samples, because blocks vary in size. */
  readonly varies: boolean
  /** The number of the frame after it. */
  readonly nextNumber: number
}

export function isFlacFrame(frame: Frame | undefined): frame is FlacFrame {
  return frame !== undefined && 'start' in frame
}

/** Makes frames of FLAC out of their bytes, each to follow the one before it, whatever stream that was of. */
export class FlacSequence {
  readonly #titleNews = createTitleNews()
  #last: FlacFrame | undefined
  /** The stream that is coming, and by how much the numbers of its frames are shifted. */
  #start: FlacStart | undefined
  #offset = 0

  /** @param ring the frames of the openings before. */
  constructor(ring: RingView | undefined) {
    const last = ring?.at(ring.next - 1)
    this.#last = isFlacFrame(last) ? last : undefined
  }

  /** The next frame. */
  frame(bytes: Buffer, header: FlacHeader, start: FlacStart): FlacFrame {
    const title = start === this.#start ? undefined : this.#begin(header, start)
    const number = shifted(header, this.#offset)
    this.#last = {
      bytes: withNumber(bytes, header, number),
      durationUs: start.info.rate > 0 ? (header.blockSize * 1e6) / start.info.rate : 0,
      start,
      varies: header.varies,
      nextNumber: numberAfter(header, number),
      ...(title !== undefined && { title }),
    }
    return this.#last
  }

  /** @returns the title that the first frame of a stream has. */
  #begin({ number, varies }: FlacHeader, start: FlacStart): string | undefined {
    this.#start = start
    this.#offset = this.#last?.varies === varies ? this.#last.nextNumber - number : 0
    return this.#titleNews(start.title)
  }
}
