/** Compares decoded sound with the original's. Samples are 16 bits, of all channels in turn. */

import { lengthOf, longestMatch, piecesOf } from './align.ts'

/** Differences that are right. In samples of all channels. */
export interface AllowedDifference {
  /** Samples at the beginning that may differ for a listener that joins late, where a decoder has yet to settle. */
  readonly settling: number
  /** So many may be added at each end: those that a decoder cuts off the original by its encoder's tag. */
  readonly added: number
  /** Samples that may be missing at the beginning. */
  readonly lead: number
  /** Maximum difference between samples that count as equal. */
  readonly tolerance: number
}

/**
 * @param heard what was decoded of what a listener got. @param joinedLate it need not begin where the original does.
 * @returns what is wrong, in words; undefined when nothing is.
 */
export function difference(
  heard: Int16Array,
  original: Int16Array,
  joinedLate: boolean,
  allowance: AllowedDifference,
): string | undefined {
  const { settling, added, lead, tolerance } = allowance
  if (heard.length <= settling && joinedLate) return undefined
  const match = longestMatch(heard, original, tolerance, joinedLate)
  if (match === undefined) return `no part of ${heard.length} samples is in the original's ${original.length}`
  const wrong: string[] = []
  const note = (count: number, most: number, what: string) => {
    if (count > most) wrong.push(`${count} samples ${what}`)
  }
  if (joinedLate) note(match.heardFrom, Math.max(settling, added), 'until the sound is right')
  else {
    note(match.originalFrom, lead, 'missing or wrong at the beginning')
    note(match.heardFrom - match.originalFrom, added, 'too many at the beginning')
  }
  note(original.length - match.originalTo, 0, 'missing or wrong at the end')
  note(heard.length - match.heardTo, added, 'too many at the end')
  return wrong.length > 0 ? wrong.join(', ') : undefined
}

/** What is known to be different. In samples of all channels. */
export interface Holes {
  readonly count: number
  /** Samples that may be missing in all of them together, or be there in their place. */
  readonly samples: number
  /** The decoder plays nothing of the original that is behind a hole: listeners may hear any more. */
  readonly isLast: boolean
}

/** Whether holes account for all that differs. */
export function fitsHoles(
  heard: Int16Array,
  original: Int16Array,
  joinedLate: boolean,
  { settling, added, tolerance }: AllowedDifference,
  { count, samples, isLast }: Holes,
): boolean {
  const search = { tolerance, fromEnd: joinedLate, settling: joinedLate ? Math.max(settling, added) : 0 }
  const pieces = piecesOf(heard, original, search, count + 1)
  const same = pieces.reduce((sum, piece) => sum + lengthOf(piece), 0)
  const begin = joinedLate ? (pieces[0]?.originalFrom ?? original.length) : 0
  const most = samples + settling * count
  return original.length - begin - same <= most && (isLast || heard.length - same <= most + 2 * added)
}
