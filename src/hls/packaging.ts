/** Types of the files that HLS consists of; see RFC 8216, section 3. */

/** A title from one position on. */
export interface TimedTitle {
  /** Position in the epoch, in microseconds. */
  readonly us: number
  /** In one line; empty: it is unknown from here on. */
  readonly text: string
}

/** The frames of one segment. */
export interface SegmentFrames {
  /** As in the ring; of Ogg, pages. */
  readonly frames: readonly Buffer[]
  /** Position of the first frame in its epoch, in microseconds. */
  readonly us: number
  /** Preamble of a listener that joins at the first frame: for MP3 the lead-in. */
  readonly preamble: Buffer
  /** The title of its first frame, and those that begin within it. */
  readonly titles: readonly TimedTitle[]
}

/** Packs the frames of one epoch. */
export interface Packaging {
  /** Of the segments' names. */
  readonly extension: 'mp3' | 'aac' | 'm4s'
  readonly contentType: string
  /** Value of CODECS, RFC 6381. */
  readonly codecs: string
  /** Media Initialization Section; undefined: segments need none. */
  readonly init: Buffer | undefined
  /** Returns the bytes of a segment: always the same for the same frames, at whichever origin. */
  readonly pack: (segment: SegmentFrames) => Buffer
}
