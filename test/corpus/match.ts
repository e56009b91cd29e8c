/** Compares decoded sound with the original's. Samples are 16 bits, of all channels in turn. */

/** Differences that are right. In samples of all channels. */
export interface Allowance {
  /** So many samples at the beginning of what was heard may be others, where a decoder has yet to settle. */
  readonly settling: number
  /** So many may be added at each end: those that a decoder cuts off the original by its encoder's tag. */
  readonly added: number
  /** So many may be missing at each end. */
  readonly missing: number
  /** By so much equal samples may differ. */
  readonly tolerance: number
}

/** Samples in a row that are compared to find where in the original something is; or a quarter of it, when that is less. */
const PROBE = 2048
/** Probes that are tried, from places all over. */
const PROBES = 8

/** Where two sounds are the same. */
interface Match {
  readonly heardFrom: number
  readonly heardTo: number
  readonly originalFrom: number
  readonly originalTo: number
}

/**
 * @param heard what was decoded of what a listener got. @param joinedLate it need not begin where the original does.
 * @returns what is wrong, in words; undefined when nothing is.
 */
export function difference(
  heard: Int16Array,
  original: Int16Array,
  joinedLate: boolean,
  allowance: Allowance,
): string | undefined {
  const { settling, added, missing } = allowance
  if (heard.length <= settling && joinedLate) return undefined
  const match = longestMatch(heard, original, allowance)
  if (match === undefined) return `no part of ${heard.length} samples is in the original's ${original.length}`
  const wrong: string[] = []
  const note = (count: number, most: number, what: string) => {
    if (count > most) wrong.push(`${count} samples ${what}`)
  }
  if (joinedLate) note(match.heardFrom, Math.max(settling, added), 'until the sound is right')
  else {
    note(match.originalFrom, Math.max(settling, missing), 'missing or wrong at the beginning')
    note(match.heardFrom - match.originalFrom, added, 'too many at the beginning')
  }
  note(original.length - match.originalTo, missing, 'missing or wrong at the end')
  note(heard.length - match.heardTo, added, 'too many at the end')
  return wrong.length > 0 ? wrong.join(', ') : undefined
}

function longestMatch(heard: Int16Array, original: Int16Array, { tolerance }: Allowance): Match | undefined {
  if (isEqual(heard, original)) return matchAt(heard, original, 0, 0, tolerance)
  const probe = Math.min(PROBE, Math.floor(Math.min(heard.length, original.length) / 4))
  let longest: Match | undefined
  let isSilent = true
  for (let i = 0; i < PROBES; i++) {
    const at = Math.floor(((heard.length - probe) * (i + 0.5)) / PROBES)
    const piece = heard.subarray(at, at + probe)
    if (isFlat(piece, tolerance)) continue
    isSilent = false
    const place = placeOf(piece, original, original.length - heard.length + at, tolerance)
    if (place === undefined) continue
    const match = matchAt(heard, original, at, place, tolerance)
    if (longest === undefined || match.heardTo - match.heardFrom > longest.heardTo - longest.heardFrom) longest = match
    if (match.heardTo === heard.length) return longest
  }
  return isSilent ? matchAtEnd(heard, original, tolerance) : longest
}

function isEqual(one: Int16Array, other: Int16Array): boolean {
  return one.length === other.length && one.every((sample, i) => sample === other[i])
}

/** Silence is everywhere. */
function isFlat(samples: Int16Array, tolerance: number): boolean {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const sample of samples) {
    least = Math.min(least, sample)
    most = Math.max(most, sample)
  }
  return most - least <= 16 * (tolerance + 1)
}

/** Where in the original a piece is, nearest to `expected`. */
function placeOf(piece: Int16Array, original: Int16Array, expected: number, tolerance: number): number | undefined {
  const reach = Math.max(expected, original.length - expected)
  for (let distance = 0; distance <= reach; distance++) {
    if (isAt(piece, original, expected - distance, tolerance)) return expected - distance
    if (isAt(piece, original, expected + distance, tolerance)) return expected + distance
  }
  return undefined
}

/** Hot path: asked at every place of the original. */
function isAt(piece: Int16Array, original: Int16Array, place: number, tolerance: number): boolean {
  if (place < 0 || place + piece.length > original.length) return false
  for (let i = 0; i < piece.length; i++) {
    const difference = (piece[i] ?? 0) - (original[place + i] ?? 0)
    if (difference > tolerance || difference < -tolerance) return false
  }
  return true
}

/** Silence is compared with what would be there if both had the same end. */
function matchAtEnd(heard: Int16Array, original: Int16Array, tolerance: number): Match | undefined {
  const length = Math.min(heard.length, original.length)
  return length === 0 ? undefined : matchAt(heard, original, heard.length - length, original.length - length, tolerance)
}

/** Goes on from a place where both are the same, in both directions. */
function matchAt(heard: Int16Array, original: Int16Array, at: number, place: number, tolerance: number): Match {
  const isSame = (i: number) => Math.abs((heard[at + i] ?? 0) - (original[place + i] ?? 0)) <= tolerance
  let back = 0
  while (back < Math.min(at, place) && isSame(-back - 1)) back++
  const most = Math.min(heard.length - at, original.length - place)
  let on = 0
  while (on < most && isSame(on)) on++
  return { heardFrom: at - back, heardTo: at + on, originalFrom: place - back, originalTo: place + on }
}
