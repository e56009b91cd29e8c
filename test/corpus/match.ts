/** Compares decoded sound with that of the original. Samples are 16 bits, of all channels in turn. */

import { lengthOf, longestMatch, piecesOf } from './align.ts'

/** Allowed differences, in samples of all channels. */
export interface AllowedDifference {
  /** Samples at the beginning that may differ for a listener that joins late, until its decoder has settled. */
  readonly settling: number
  /** Samples that may be added at each end, because the decoder cuts them off the original by the tag of its encoder. */
  readonly added: number
  /** Samples that may be missing at the beginning. */
  readonly lead: number
  /** Maximum difference between samples that count as equal. */
  readonly tolerance: number
}

/**
 * @param received decoded sound of a listener. @param joinedLate whether it may start later than the original.
 * @returns a description of the differences; undefined when there are none.
 */
export function difference(
  received: Int16Array,
  original: Int16Array,
  joinedLate: boolean,
  allowance: AllowedDifference,
): string | undefined {
  const { settling, added, lead, tolerance } = allowance
  if (received.length <= settling && joinedLate) return undefined
  const match = longestMatch(received, original, tolerance, joinedLate)
  if (match === undefined) return `no part of ${received.length} samples is in the original's ${original.length}`
  const wrong: string[] = []
  const note = (count: number, most: number, what: string) => {
    if (count > most) wrong.push(`${count} samples ${what}`)
  }
  if (joinedLate) note(match.receivedFrom, Math.max(settling, added), 'until the sound is right')
  else {
    note(match.originalFrom, lead, 'missing or wrong at the beginning')
    note(match.receivedFrom - match.originalFrom, added, 'too many at the beginning')
  }
  note(original.length - match.originalTo, 0, 'missing or wrong at the end')
  note(received.length - match.receivedTo, added, 'too many at the end')
  return wrong.length > 0 ? wrong.join(', ') : undefined
}

/** Known differences, in samples of all channels. */
export interface Holes {
  readonly count: number
  /** Samples that may be missing in all holes together, or replaced by others. */
  readonly samples: number
  /** Whether the decoder stops at a hole of the original, so that listeners may get any further sound. */
  readonly isLast: boolean
}

/** Whether holes account for all differences. */
export function fitsHoles(
  received: Int16Array,
  original: Int16Array,
  joinedLate: boolean,
  { settling, added, tolerance }: AllowedDifference,
  { count, samples, isLast }: Holes,
): boolean {
  const search = { tolerance, fromEnd: joinedLate, settling: joinedLate ? Math.max(settling, added) : 0 }
  const pieces = piecesOf(received, original, search, count + 1)
  const same = pieces.reduce((sum, piece) => sum + lengthOf(piece), 0)
  const begin = joinedLate ? (pieces[0]?.originalFrom ?? original.length) : 0
  const most = samples + settling * count
  return original.length - begin - same <= most && (isLast || received.length - same <= most + 2 * added)
}
