/**
 * Files of frames that play by themselves: recordings and clips. A format makes of consecutive frames of its stream a file whose
 * samples are exact from the first frame on, without any I/O.
 */
import type { PcmFormat } from './pcm-format.ts'

/** What a file begins with. */
export interface FileStart {
  /** Bytes that a listener gets who joins at the first frame: header, headers of the format, lead-in; see `FrameFilter.preamble`. */
  readonly preamble: Buffer
  /** The first frame. */
  readonly first: Buffer
  /** Format of the samples, when the frames are samples; undefined: they are not. */
  readonly samples: PcmFormat | undefined
  /** Sound of the whole file, when its end is known already, as of a clip; undefined: the file grows. */
  readonly total?: { readonly frames: number; readonly bytes: number; readonly us: number } | undefined
}

/** Bytes that replace others in a file. */
export interface Patch {
  /** Offset in the file, in bytes. */
  readonly at: number
  readonly bytes: Buffer
}

/** A file in the making. Each byte is written once, in order; at the end, bytes at the beginning are replaced. */
export interface FrameFile {
  /** Extension of its name, with a dot: `.mp3`. */
  readonly extension: string
  readonly contentType: string
  /** Bytes before the first frame. A file that is cut off at any frame behind them is playable. */
  readonly head: Buffer
  /** Returns the bytes of the next frames as they are in this file: the same, or copies with other numbers. */
  add(frames: readonly Buffer[]): readonly Buffer[]
  /** Ends the file. @returns bytes to append, and bytes to replace */
  end(): { readonly tail: Buffer; readonly patches: readonly Patch[] }
}
