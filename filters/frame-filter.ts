import type { NumberedFormat } from './numbering.ts'
import type { PcmFormat } from './pcm-format.ts'

/**
 * The interface of a filter. A filter implements one format: how to find the frame boundaries, and how a listener can start
 * in the middle of the stream. It does no I/O, does not read the clock and logs nothing. A new filter is created for each
 * opening of the source.
 */

/** The smallest piece of a stream that a listener may start at, end at or miss. */
export interface Frame {
  /**
   * A view of the bytes read from the pipe, or a copy if numbers had to change. The bytes never change after the frame was
   * emitted.
   */
  readonly bytes: Buffer
  /** Duration in microseconds (fractions allowed); 0 if unknown. */
  readonly durationUs: number
  /** Title from this frame on, in one line; undefined if the stream reports no change. */
  readonly title?: string
  /**
   * True when the format has changed within the opening, so that a player of the previous frame cannot continue with this
   * one: listeners are disconnected, and start again at this frame.
   */
  readonly isOtherFormat?: boolean
}

/**
 * Beginning of an epoch at the server whose filter has cut its frames: consecutive frames of one opening with one format. Two servers
 * that get these frames from it have the same positions and numbers.
 */
export interface EpochMark {
  /** Name of the epoch, unique among all servers: 12 hexadecimal digits. */
  readonly id: string
  /** Number that the first emitted frame has there. */
  readonly seq: number
  /** Number of first frames that only precede those of the epoch here, such as a lead-in; 0 where the epoch began. */
  readonly extra: number
  /** Position of the first emitted frame in the epoch, in microseconds; with extra frames it may be below 0. */
  readonly us: number
  /** When the epoch began there, in milliseconds since 1970. */
  readonly beganAt: number
  /** Bytes that every listener receives first. */
  readonly header: Buffer
  /** Undefined: the epochs before it are not known. */
  readonly row?: EpochRow | undefined
}

/** Epochs of one server up to one of them, in which it has numbered segments of HLS: an edge that begins later has the same numbers. */
export interface EpochRow {
  /** When the first of them began, in milliseconds since 1970. */
  readonly beganAt: number
  /** Number of epochs before the one. */
  readonly epochs: number
  /** Number of segments in these, if each has this duration, in milliseconds. */
  readonly segments: number
  readonly segmentMs: number
}

/** Receives a frame, in the order of the stream. */
export type Emit = (frame: Frame) => void

/**
 * The newest frames of a stream by sequence number: `first` is the oldest one still held, `next` the number of the next
 * frame to be added.
 */
export interface RingView {
  readonly first: number
  readonly next: number
  /** Returns the frame with this number; undefined if it has been overwritten or does not exist yet. */
  at(seq: number): Frame | undefined
}

/**
 * Splits the bytes of one opening of a source into frames. The frames do not depend on how the bytes are divided into
 * chunks. No input makes it throw.
 */
export interface FrameFilter {
  /** Registered name of the media type of the frames; undefined until it is known. */
  readonly contentType: string | undefined
  /** Number of bytes skipped because no frame could start there. Tags that belong to the format do not count. */
  readonly skippedBytes: number
  /**
   * Description of the frames, without properties that may change between frames (the bit rate):
   * `MPEG-1 Layer III, 44100 Hz, stereo`. A player that started with one format cannot continue with another. Known from
   * the first frame on; undefined if the media type determines the format.
   */
  readonly format?: string | undefined
  /** One line for the log about the detected stream (codec, rate, channels, bit rate); undefined until it is known. */
  readonly description?: string | undefined
  /** Format of the samples that the frames consist of; undefined if it is not known, or if they are not plain samples. */
  readonly samples?: PcmFormat | undefined
  /** Reason for skipping bytes, in one line for the log; undefined when nothing worth logging is skipped. */
  readonly complaint?: string | undefined
  /**
   * One line about why these bytes cannot be used, regardless of what follows: the source is closed, with this line as the
   * reason.
   */
  readonly refusal?: string | undefined
  /** Where the frames were cut, if another server has done it; known from the first frame on. Undefined: here. */
  readonly mark?: EpochMark | undefined
  /** Takes ownership of a chunk: the caller never changes its bytes again, and frames may be views of it. */
  push(chunk: Buffer, emit: Emit): void
  /** Ends the input: emits what is left if it is a whole frame. `push` is not called afterwards. */
  end(emit: Emit): void
  /** All bytes so far are whole frames: emits those that wait for more bytes. More frames may follow. */
  flush?(emit: Emit): void
  /** Called when the source is slow: a filter that waits for more bytes before a decision decides now. */
  settle?(emit: Emit): void
  /**
   * Returns the bytes to send before frame `at` to a listener that did not receive the frame before it.
   * @param joining true for a listener's first frame, false after a skip.
   * @param missedFrom after a skip, the first frame that the listener did not receive; undefined if unknown.
   * @returns the bytes, possibly empty; null if no listener can start at this frame and the next one must be tried.
   */
  preamble?(at: number, ring: RingView, joining: boolean, missedFrom?: number): Buffer | null
  /**
   * How frames are numbered, in formats whose decoders compare the numbers: a listener that skips frames receives lowered
   * numbers from then on. Known from the first frame on; undefined if frames have no numbers.
   */
  readonly numbering?: NumberedFormat | undefined
  /**
   * Returns a frame of silence that can follow `last`, the newest frame of the stream, and that can follow itself. It plays
   * for exactly its `durationUs`. Called while the source is unavailable, also after `end`.
   * @returns undefined if the format has no such frame.
   */
  silence?(last: Frame): Frame | undefined
}

/** Options of a filter from the command line, and properties of the stream that it may need. */
export interface FilterOptions {
  /** raw: the frame size; other filters: the maximum frame size. In bytes; undefined if not given. */
  readonly frameBytes: number | undefined
  /** Unit in which raw bytes may be cut (one sample of every channel), in bytes; 1 if unknown. */
  readonly blockBytes: number
  /** Duration of one byte of raw sound, in microseconds; 0 if unknown. */
  readonly byteUs: number
  /** True if nothing follows the end of the source, so that a short last frame of raw bytes does no harm. */
  readonly keepTail: boolean
  /** Value of every byte of silence in raw sound: 0 for signed samples, 128 for unsigned 8-bit samples. */
  readonly silentByte: number
  /**
   * False: listeners that join or skip receive the frames unchanged, without data that replaces missing earlier frames
   * (MP3's lead-in).
   */
  readonly splice: boolean
  /**
   * True: the filter of another server has cut the frames, and `flush` follows each of them. They keep their sizes and, unless others
   * precede them in `ring`, their numbers; no data is replaced.
   */
  readonly isCut?: boolean
  /**
   * Frames of earlier openings, which listeners that stay connected received last: in formats that count frames, the
   * numbers continue from them. Undefined if there are none.
   */
  readonly ring?: RingView
}

/** Creates a filter for one opening of a source. A file given as `-frame-filter` exports such a function as `createFilter`. */
export type CreateFilter = (options: FilterOptions) => FrameFilter
