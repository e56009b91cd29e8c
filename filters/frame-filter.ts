import type { NumberedFormat } from './numbering.ts'

/**
 * What a filter is. A filter knows one format: where its frames begin and end, and how a listener may begin in the middle.
 * It does no I/O, keeps no time and logs nothing. A new one is made for each opening of the source.
 */

/** The smallest piece of a stream that a listener may start at, end at or miss. */
export interface Frame {
  /** A view of what came out of the pipe, or a copy where numbers had to change. Its bytes never change after it was emitted. */
  readonly bytes: Buffer
  /** How long it sounds, in microseconds (fractions allowed); 0 when that is not known. */
  readonly durationUs: number
  /** What is playing from this frame on, in one line; undefined when the stream says nothing new. */
  readonly title?: string
  /**
   * True when the format has changed within the opening, so that a player of the frame before cannot go on with this one: listeners
   * are disconnected, and start anew with this frame.
   */
  readonly isOtherFormat?: boolean
}

/** Takes a frame, in the order of the stream. */
export type Emit = (frame: Frame) => void

/** The last frames of a stream by sequence number: `first` is the oldest there is, `next` the number of the one to come. */
export interface RingView {
  readonly first: number
  readonly next: number
  /** The frame with this number; undefined when it has been overwritten or is still to come. */
  at(seq: number): Frame | undefined
}

/** Finds the frames of one opening of a source. Whatever the chunks are, the frames are the same; nothing makes it throw. */
export interface FrameFilter {
  /** The media type of the frames, by its registered name; undefined as long as it is not known. */
  readonly contentType: string | undefined
  /** Bytes passed over so far because no frame could start there. Tags that belong to the format do not count. */
  readonly skippedBytes: number
  /**
   * What the frames are, without what may change from one to the next (the bit rate): `MPEG-1 Layer III, 44100 Hz, stereo`. A
   * player that was told one cannot go on with another. Known with the first frame; undefined: the media type says all.
   */
  readonly format?: string | undefined
  /** One line about what was found (codec, rate, channels, bit rate), for the log; undefined until there is something to say. */
  readonly description?: string | undefined
  /** One line about why bytes are being passed over, for the log; undefined while nothing is wrong. */
  readonly complaint?: string | undefined
  /** One line about why nothing can be made of these bytes, whatever follows: the source is closed, with this as the reason. */
  readonly refusal?: string | undefined
  /** Takes a chunk over: the caller never changes its bytes again, and frames may be views of it. */
  push(chunk: Buffer, emit: Emit): void
  /** The source has ended: emits what can still be a whole frame. Nothing is pushed afterwards. */
  end(emit: Emit): void
  /** The source is slow: a filter that is still waiting for bytes to decide on something decides now. */
  settle?(emit: Emit): void
  /**
   * What must go out before frame `at` to someone who did not get the one before it.
   * @param joining true for a listener's first frame, false after a skip.
   * @param missedFrom after a skip, the first frame that the listener did not get; undefined when that is not known.
   * @returns the bytes, empty for none; null when nobody can begin here and the next frame must be tried.
   */
  preamble?(at: number, ring: RingView, joining: boolean, missedFrom?: number): Buffer | null
  /**
   * How frames are numbered, where decoders compare the numbers: a listener that skips gets lower ones from then on. Known with
   * the first frame; undefined: frames have no numbers.
   */
  readonly numbering?: NumberedFormat | undefined
  /**
   * A frame of silence that can follow `last`, the newest frame of the stream, and that can follow itself; it lasts as long as it
   * says. Asked for when the source is away, also after `end`.
   * @returns undefined when there is none in this format.
   */
  silence?(last: Frame): Frame | undefined
}

/** What the command line says to a filter, and what it may need to know besides. */
export interface FilterOptions {
  /** raw: the size of a frame; other filters: the largest frame allowed. In bytes; undefined when it was not given. */
  readonly frameBytes: number | undefined
  /** The smallest piece that raw bytes may be cut at (a sample of every channel), in bytes; 1 when not known. */
  readonly blockBytes: number
  /** How long a byte of raw sound lasts, in microseconds; 0 when not known. */
  readonly byteUs: number
  /** True when nothing comes after the end of the source, so that a short last piece of raw bytes harms nobody. */
  readonly keepTail: boolean
  /** What every byte of silence is in raw sound: 0 for signed samples, 128 for unsigned ones of a byte. */
  readonly silentByte: number
  /** False: who joins or skips gets frames as they are, and nothing that makes up for those before (MP3's lead-in). */
  readonly splice: boolean
  /**
   * The frames of the openings before, which listeners who stay got last: frames must go on from them where a format counts
   * them. Undefined: there are none.
   */
  readonly ring?: RingView
}

/** Makes a filter for one opening of a source. A file given as `-frame-filter` exports one under the name `createFilter`. */
export type CreateFilter = (options: FilterOptions) => FrameFilter
