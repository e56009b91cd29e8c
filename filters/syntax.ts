/** A format whose frames begin with a sync word of eight set bits and more, and say how long they are. */
export interface Syntax {
  /** Its name in messages. */
  readonly name: string
  /** So many bytes are enough for the functions below; at most `TAG_HEAD_BYTES`. */
  readonly headerBytes: number
  /** The longest frame that a header can announce, in bytes. */
  readonly maxFrameBytes: number
  /** @returns the length of the frame whose header is at `at`, in bytes; 0 when no header is there. */
  frameBytes(bytes: Buffer, at: number): number
  /** @returns a number, 0 or more, that all frames of one encoding have in common. */
  kind(bytes: Buffer, at: number): number
  /** @returns how long the frame at `at` sounds, in microseconds. */
  durationUs(bytes: Buffer, at: number): number
  /** @returns what the frame at `at` is, in words, by what `kind` is made of. */
  format(bytes: Buffer, at: number): string
  /** @returns false for a whole frame that is made like the others but holds no sound. */
  isSound(frame: Buffer): boolean
}
