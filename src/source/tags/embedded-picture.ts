/** A picture in a file of sound. */
export interface EmbeddedPicture {
  /** It is the front cover. */
  readonly isFront: boolean
  /** Returns its bytes; undefined when it is too large, or damaged. */
  read(): Promise<Buffer | undefined>
}

/** The type of a front cover, in ID3v2 and in FLAC (RFC 9639, section 8.8). */
export const FRONT_COVER = 3
