/** A format whose frames begin with a sync word of eight or more set bits and contain their own length. */
export interface Syntax {
  /** Its name in messages. */
  readonly name: string
  /** Number of bytes that the functions below need; at most `TAG_HEAD_BYTES`. */
  readonly headerBytes: number
  /** Maximum frame length that a header can contain, in bytes. */
  readonly maxFrameBytes: number
  /** @returns the length of the frame whose header is at `at`, in bytes; 0 without a header. */
  frameBytes(bytes: Buffer, at: number): number
  /** @returns a number, 0 or more, that all frames of one encoding have in common. */
  kind(bytes: Buffer, at: number): number
  /** @returns the duration of the frame at `at`, in microseconds. */
  durationUs(bytes: Buffer, at: number): number
  /** @returns a description of the frame at `at`, made of the same properties as `kind`. */
  format(bytes: Buffer, at: number): string
  /** @returns false for a whole frame that is valid but contains no sound. */
  isSound(frame: Buffer): boolean
}
