/**
 * Files of frames that play by themselves: recordings and clips. A format makes of consecutive frames of its stream a file whose
 * samples are exact from the first frame on, without any I/O.
 */
import type { RingView } from './frame-filter.ts'
import type { PcmFormat } from './pcm-format.ts'

/** Consecutive frames of one opening with one format: an epoch of a stream. */
interface FormatFrames {
  /** Number of the first frame. */
  readonly from: number
  /** Bytes that every listener receives first. */
  readonly header: Buffer
  readonly format: {
    readonly contentType: string | undefined
    /** Media type that the filter reports, and in parentheses the properties that a player cannot change. */
    readonly name: string
  }
  /** See `FrameFilter.preamble`. */
  preamble(at: number, ring: RingView, joining: boolean, missedFrom: number): Buffer | null
}

/** The frame that a file begins with, or continues with after a gap. */
export interface FilePlace {
  readonly frames: FormatFrames
  /** Also has frames before it, as far as they are still there: they prepare decoders for it. */
  readonly ring: RingView
  readonly at: number
  /** Format of raw samples, as `samplesOf` returns it; undefined: the frames are not raw, or it is not known. */
  readonly samples?: PcmFormat | undefined
}

/** Bytes that replace others in a file. */
export interface Patch {
  /** Offset in the file, in bytes. */
  readonly at: number
  readonly bytes: Buffer
}

/** A file in the making. Each byte is written once, in order; at the end, some of them are replaced. */
export interface FrameFile {
  /** Extension of its name, with a dot: `.mp3`. */
  readonly extension: string
  readonly contentType: string
  /**
   * Bytes before the first frame; empty when the headers of the format are frames themselves. A file that is cut off anywhere behind its
   * headers is playable.
   */
  readonly head: Buffer
  /**
   * Returns the bytes of the next frames as they are in this file: the same buffers, or copies with other numbers. Frames that are of no
   * use without the next one come with it.
   */
  add(frames: readonly Buffer[]): readonly Buffer[]
  /**
   * Frames were missed, and the next one is another than the one behind the last.
   * @returns bytes to write before it, possibly empty; null: the file cannot continue with it, and the next one must be tried.
   */
  rejoin(place: FilePlace, missedFrom: number): Buffer | null
  /**
   * Returns how the file ends behind its frames so far. It may go on all the same, and end later.
   * @returns bytes to append, and bytes to replace
   */
  end(): { readonly tail: Buffer; readonly patches: readonly Patch[] }
}
