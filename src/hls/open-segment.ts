import type { Frame } from '../../filters/frame-filter.ts'
import type { Title } from '../stream/titles.ts'
import type { TimedTitle } from './packaging.ts'
import { type CutSegment, Segment } from './segment.ts'

/** Beginning of a segment. */
type SegmentStart = Pick<CutSegment, 'epoch' | 'number' | 'us' | 'wallMs' | 'preamble'>

/** A segment that is not whole. */
export class OpenSegment {
  readonly #start: SegmentStart
  readonly #frames: Buffer[] = []
  readonly #titles: TimedTitle[] = []
  /** The last one of the titles. */
  #title: Title | undefined
  #us: number
  #longestUs = 0

  constructor(start: SegmentStart) {
    this.#start = start
    this.#us = start.us
  }

  get epoch(): CutSegment['epoch'] {
    return this.#start.epoch
  }

  get number(): number {
    return this.#start.number
  }

  /** Hot path: no allocation for a frame but its place in the array. */
  add({ bytes, durationUs }: Frame, title: Title | undefined): void {
    if (title !== this.#title) this.#titles.push({ us: this.#us, text: title?.text ?? '' })
    this.#title = title
    this.#frames.push(bytes)
    this.#us += durationUs
    if (durationUs > this.#longestUs) this.#longestUs = durationUs
  }

  /** @returns undefined when it has no duration */
  close(): Segment | undefined {
    const { epoch, us } = this.#start
    if (this.#us <= us) return undefined
    if (epoch.name === undefined) epoch.nameBy(this.#frames)
    const sound = { durationUs: this.#us - us, longestUs: this.#longestUs }
    return new Segment({ ...this.#start, ...sound, frames: this.#frames, titles: this.#titles })
  }
}
