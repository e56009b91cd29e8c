import { createHash } from 'node:crypto'
import type { HlsEpoch } from './hls-epoch.ts'
import type { SegmentFrames } from './packaging.ts'

/** A segment as it was cut. */
export interface CutSegment extends SegmentFrames {
  readonly epoch: HlsEpoch
  /** Its number in the epoch: N of the first sample's position [N·T, (N+1)·T). */
  readonly number: number
  readonly durationUs: number
  /** Duration of its longest frame, in microseconds. */
  readonly longestUs: number
  /** Wall time of its first sample, in milliseconds since 1970. */
  readonly wallMs: number
}

/** Number of characters that tell segments of one name apart. */
const TAG_CHARACTERS = 10

/**
 * A segment of a playlist. It has references to the frames as they were in the ring, which are not copied before it is requested;
 * once it is packed, it has the packed bytes only.
 */
export class Segment {
  readonly epoch: HlsEpoch
  readonly number: number
  readonly durationUs: number
  readonly longestUs: number
  readonly wallMs: number
  #frames: SegmentFrames | undefined
  #tag: string | undefined
  #packed: Buffer | undefined

  constructor({ epoch, number, durationUs, longestUs, wallMs, ...frames }: CutSegment) {
    this.epoch = epoch
    this.number = number
    this.durationUs = durationUs
    this.longestUs = longestUs
    this.wallMs = wallMs
    this.#frames = frames
  }

  /** End of its last sample, in wall time. */
  get endsAt(): number {
    return this.wallMs + this.durationUs / 1000
  }

  /** It was in a playlist that was written, so clients may request it. */
  get isKnown(): boolean {
    return this.#tag !== undefined
  }

  /**
   * Hash of its frames, or of which those of a marked epoch they are, in its URI: caches keep a segment for an hour, and a source that begins like the one before, such as
   * with silence or the same jingle, makes segments of the same name.
   */
  get tag(): string {
    if (this.#tag === undefined) {
      const hash = createHash('sha256')
      const { frames = [], us = 0 } = this.#frames ?? {}
      // Other servers may have given the frames of a marked epoch other numbers.
      if (this.epoch.mark === undefined) for (const frame of frames) hash.update(frame)
      else hash.update([us, this.durationUs, frames.length].map(Math.round).join(' '))
      this.#tag = hash.digest('hex').slice(0, TAG_CHARACTERS)
    }
    return this.#tag
  }

  /** Returns the packed bytes; none when its epoch has no packaging. */
  bytes(): Buffer {
    // Before the frames are dropped.
    void this.tag
    if (this.#frames !== undefined) this.#packed = this.epoch.packaging?.pack(this.#frames)
    this.#frames = undefined
    return this.#packed ?? NOTHING
  }
}

const NOTHING = Buffer.alloc(0)
