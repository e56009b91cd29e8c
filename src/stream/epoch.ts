import type { EpochMark, RingView } from '../../filters/frame-filter.ts'
import type { NumberedFormat } from '../../filters/numbering.ts'
import type { PcmFormat } from '../../filters/pcm-format.ts'
import type { CheckedFilter } from './checked-filter.ts'
import { formatName, isRaw } from './format-guard.ts'

/** The first frame of an epoch. */
export interface EpochStart {
  /** Its number. */
  readonly from: number
  /** Its position, in microseconds of sound; see `Timeline`. */
  readonly us: number
  /** A player of the frames before cannot continue with it. */
  readonly isOther: boolean
  /** It continues the sound of the frames before, as the files of one list do. */
  readonly followsOn: boolean
  /** Bytes that every listener receives first. */
  readonly header: Buffer
  /** Undefined: no other server has its frames. */
  readonly mark: EpochPlace | undefined
}

/** Place of an epoch at the server that has cut its frames, which is this one or an origin; see `EpochMark`. */
export type EpochPlace = Omit<EpochMark, 'header'>

/** Format of an epoch. */
interface EpochFormat {
  readonly contentType: string | undefined
  /** With all properties that a player cannot change. */
  readonly name: string
  /** In one line. */
  readonly description: string | undefined
  readonly numbering: NumberedFormat | undefined
  /** Format of the samples; undefined: the frames have no header of their own that gives it, or are not samples. */
  readonly samples: PcmFormat | undefined
  /** Frames are pieces of bytes of an unknown format, or of samples without a header. */
  readonly isRaw: boolean
}

/**
 * Consecutive frames of one opening of the source with one format, and those that a feeder has written behind them:
 *
 * ```
 *   opening 1  [f][f][f]                     opening 2  [f][f] ...
 *   ring       [f][f][f][silence][silence][silence][f][f]
 *              '-- epoch 1                         '-- epoch 2
 * ```
 */
export class Epoch implements EpochStart {
  readonly from: number
  readonly us: number
  readonly isOther: boolean
  readonly followsOn: boolean
  readonly header: Buffer
  readonly mark: EpochPlace | undefined
  readonly format: EpochFormat
  readonly #checked: CheckedFilter

  /** Made with its first frame, when the filter knows its format. */
  constructor(
    { from, us, isOther, followsOn, header, mark }: EpochStart,
    checked: CheckedFilter,
    contentType: string | undefined,
  ) {
    this.from = from
    this.us = us
    this.isOther = isOther
    this.followsOn = followsOn
    this.header = header
    this.mark = mark
    this.#checked = checked
    const { filter } = checked
    this.format = {
      contentType,
      name: formatName(filter),
      description: filter.description ?? filter.format,
      numbering: filter.numbering,
      samples: filter.samples,
      isRaw: isRaw(filter),
    }
  }

  /** Added to the number of a frame, it gives the number at the origin. */
  get seqShift(): number {
    return this.mark === undefined ? 0 : this.mark.seq - this.from
  }

  /**
   * Returns the position of a frame in the epoch, in microseconds; as at the origin. Below 0: the frame only precedes it here.
   * @param us its position in the stream; see `Timeline`
   */
  positionAt(us: number): number {
    return us - this.us + (this.mark?.us ?? 0)
  }

  /** See `FrameFilter.preamble`; `at` is a frame of this epoch. */
  preamble(at: number, ring: RingView, joining: boolean, missedFrom: number): Buffer | null {
    return this.#checked.preamble(at, ring, joining, missedFrom)
  }
}
