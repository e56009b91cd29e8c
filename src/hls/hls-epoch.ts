import { createHash, type Hash } from 'node:crypto'
import type { Epoch, EpochPlace } from '../stream/epoch.ts'
import type { Packaging } from './packaging.ts'
import { type EpochBeginning, type NotPackable, packagingOf } from './packagings.ts'

/** Bytes of the first frames that name an epoch. */
const NAMED_BY_BYTES = 64 * 1024
/** Characters of a name: 48 bits. */
const NAME_CHARACTERS = 12

const WITHOUT_DURATION: NotPackable = {
  reason: 'HLS needs frames of a known duration; the format of these is not known, and an encoder would make one',
}

/** Chooses how the frames of an epoch are packed. */
export type ChoosePackaging = (beginning: EpochBeginning) => Promise<Packaging | NotPackable>

/** Consecutive segments of one epoch of a stream. */
export class HlsEpoch {
  /**
   * In the URIs of its segments: a hash of its mark; or of its format and its first frames, so origins of the same frames have the same
   * names. Undefined before its first segment is whole.
   */
  name: string | undefined
  /** Undefined: not known yet. */
  packaging: Packaging | undefined
  /** Why its frames cannot be packed; undefined: they can, or it is not known yet. */
  refusal: string | undefined
  readonly #format: Epoch['format']
  readonly #header: Buffer
  readonly segmentMs: number
  /** Place of the epoch at the server that has cut its frames; undefined: no other server has them. */
  readonly mark: EpochPlace | undefined
  /** Media Sequence Number of its segment 0, once one of its segments is listed. */
  zero: number | undefined

  constructor({ format, header, mark }: Pick<Epoch, 'format' | 'header' | 'mark'>, segmentMs: number) {
    this.mark = mark
    this.#format = format
    this.#header = header
    this.segmentMs = segmentMs
  }

  /** Chooses the packaging. @param beginning the first frame, and the bytes before it @param known called when it is known */
  async begin(
    beginning: Omit<EpochBeginning, 'format'>,
    known: () => void,
    choose: ChoosePackaging = packagingOf,
  ): Promise<void> {
    try {
      const isUnknown = this.#format.isRaw && this.#format.samples === undefined
      const packaging = isUnknown ? WITHOUT_DURATION : await choose({ format: this.#format, ...beginning })
      if ('reason' in packaging) this.refuse(packaging)
      else this.packaging = packaging
    } catch (error) {
      this.refuse({ reason: `the frames cannot be packed for HLS: ${(error as Error).message}` })
    }
    known()
  }

  /** Frames do not have a duration. */
  refuseWithoutDuration(): void {
    this.refuse(WITHOUT_DURATION)
  }

  refuse({ reason }: NotPackable): void {
    this.refusal ??= reason
  }

  /** Names the epoch. @param frames of its first segment */
  nameBy(frames: readonly Buffer[]): void {
    const hash = createHash('sha256')
    if (this.mark !== undefined) hash.update(`${this.mark.id}\n${this.segmentMs}`)
    else this.#hashFrames(hash, frames)
    this.name = hash.digest('hex').slice(0, NAME_CHARACTERS)
  }

  #hashFrames(hash: Hash, frames: readonly Buffer[]): void {
    hash.update(`${this.#format.name}\n${this.segmentMs}\n`).update(this.#header)
    let bytes = 0
    for (const frame of frames) {
      if (bytes >= NAMED_BY_BYTES) break
      hash.update(frame)
      bytes += frame.length
    }
  }
}
