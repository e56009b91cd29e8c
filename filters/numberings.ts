import { flacNumbering } from './flac/number.ts'
import type { NumberedFormat, Numbering } from './numbering.ts'

const NUMBERINGS: ReadonlyMap<string | undefined, Numbering> = new Map([['flac', flacNumbering]])

/** @returns undefined for formats without numbers. */
export function numberingOf(format: NumberedFormat | undefined): Numbering | undefined {
  return NUMBERINGS.get(format)
}
