/**
 * Formats whose frames bear numbers that a decoder compares. A listener that has skipped frames goes on with lower numbers, so
 * that its decoder finds none missing. Pure functions of bytes, because delivery threads have nothing else of a frame.
 */
export type NumberedFormat = 'flac'

/** Listeners that join within so large a part of all numbers share their shift. */
const JOINERS_SHARE = 1 / 8

/** How a format numbers its frames. */
export interface Numbering {
  /** Numbers there are, before they start at 0 again. */
  readonly numbers: number
  /** The number of a frame. */
  of(frame: Buffer): number
  /** The number that the frame after this one has when none is missing. */
  after(frame: Buffer): number
  /** @returns the bytes of all frames in a row, their numbers lowered by `by`, which is from 0 up to `numbers`. */
  lowered(frames: readonly Buffer[], by: number): Buffer
}

/**
 * The shift of a listener that joins, so that its numbers begin low and last for 7/8 of all numbers before they start at 0 again.
 * It is the same for all that join at about the same time, so that they share what they get.
 * @param number of its first frame.
 */
export function shiftOfJoiner({ numbers }: Numbering, number: number): number {
  const share = numbers * JOINERS_SHARE
  return Math.floor(number / share) * share
}

/** The shift of a listener that goes on with frame `number` where `expected` would have been the next one. */
export function shiftAfterSkip({ numbers }: Numbering, shift: number, expected: number, number: number): number {
  return (shift + number - expected + 2 * numbers) % numbers
}
