/**
 * Formats whose frames contain numbers that a decoder compares. A listener that has skipped frames receives lowered numbers
 * afterwards, so that its decoder finds no gap. Pure functions of bytes, because delivery threads have only the bytes of a
 * frame.
 */
export type NumberedFormat = 'flac'

/** Part of the range of numbers within which joining listeners get the same shift. */
const JOINERS_SHARE = 1 / 8

/** The numbering of a format's frames. */
export interface Numbering {
  /** Count of numbers before they restart at 0. */
  readonly numbers: number
  /** Returns the number of a frame. */
  of(frame: Buffer): number
  /** Returns the number of the frame after this one if none is missing. */
  after(frame: Buffer): number
  /** @returns the concatenated bytes of all frames, with their numbers lowered by `by`, which is from 0 up to `numbers`. */
  lowered(frames: readonly Buffer[], by: number): Buffer
}

/**
 * Returns the shift of a listener that joins, so that its numbers begin low and last for 7/8 of the range before they
 * restart at 0. Listeners that join at about the same time get the same shift, so that they share the same data.
 * @param number the number of its first frame.
 */
export function shiftOfJoiner({ numbers }: Numbering, number: number): number {
  const share = numbers * JOINERS_SHARE
  return Math.floor(number / share) * share
}

/** Returns the shift of a listener that continues with frame `number` when `expected` would have been the next one. */
export function shiftAfterSkip({ numbers }: Numbering, shift: number, expected: number, number: number): number {
  return (shift + number - expected + 2 * numbers) % numbers
}
