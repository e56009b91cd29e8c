/** Finds equal parts of two sounds. Samples are 16 bits, of all channels in turn. */

/** Maximum number of consecutive samples by which a part is found in the original; a quarter of a shorter sound. */
const PROBE = 2048
/** Number of parts of the received sound that are searched for, each by a probe. */
const PROBES = 8
/** Minimum match, in samples: shorter parts of different sounds are equal by chance. */
const SHORTEST = 512

/** An equal part of two sounds. */
export interface Match {
  readonly receivedFrom: number
  readonly receivedTo: number
  readonly originalFrom: number
  readonly originalTo: number
}

/**
 * Finds the longest part of the received sound in the original. Both ends are compared with both ends, and probes with all of it.
 * @param fromEnd whether the match at the end counts among equal ones, because silence matches everywhere.
 */
export function longestMatch(
  received: Int16Array,
  original: Int16Array,
  tolerance: number,
  fromEnd: boolean,
): Match | undefined {
  const shorter = Math.min(received.length, original.length)
  if (shorter === 0) return undefined
  const atStart = matchAt(received, original, 0, 0, tolerance)
  const atEnd = matchAt(received, original, received.length, original.length, tolerance)
  let longest = fromEnd ? atEnd : atStart
  const offer = (match: Match) => {
    if (lengthOf(match) > lengthOf(longest)) longest = match
    return lengthOf(longest) === received.length
  }
  if (offer(fromEnd ? atStart : atEnd)) return longest
  const probe = Math.min(PROBE, Math.floor(shorter / 4))
  for (let i = 0; i < PROBES; i++) {
    const at = loudest(received, probe, i / PROBES, (i + 1) / PROBES)
    const piece = received.subarray(at, at + probe)
    if (isFlat(piece, tolerance)) continue
    const place = placeOf(piece, original, original.length - received.length + at, tolerance)
    if (place !== undefined && offer(matchAt(received, original, at, place, tolerance))) break
  }
  return lengthOf(longest) === 0 ? undefined : longest
}

/** Parameters of a search. */
export interface Search {
  readonly tolerance: number
  /** As for `longestMatch`. */
  readonly fromEnd: boolean
  /** Samples at the beginning of the received sound that need not match. */
  readonly settling: number
}

/** Finds all parts of the received sound in the original, in the order of both. @param most maximum number of parts. */
export function piecesOf(received: Int16Array, original: Int16Array, search: Search, most: number): Match[] {
  const match = most > 0 ? longestMatch(received, original, search.tolerance, search.fromEnd) : undefined
  if (match === undefined || lengthOf(match) < SHORTEST) return []
  const { receivedFrom, receivedTo, originalFrom, originalTo } = match
  const isFirst = receivedFrom <= search.settling
  const [receivedBefore, originalBefore] = [received.subarray(0, receivedFrom), original.subarray(0, originalFrom)]
  const before = isFirst ? [] : piecesOf(receivedBefore, originalBefore, search, most - 1)
  const [receivedAfter, originalAfter] = [received.subarray(receivedTo), original.subarray(originalTo)]
  const after = piecesOf(receivedAfter, originalAfter, { ...search, settling: 0 }, most - 1 - before.length)
  return [...before, match, ...after.map((piece) => shifted(piece, receivedTo, originalTo))]
}

export function lengthOf({ receivedFrom, receivedTo }: Match): number {
  return receivedTo - receivedFrom
}

function shifted(match: Match, receivedBy: number, originalBy: number): Match {
  return {
    receivedFrom: match.receivedFrom + receivedBy,
    receivedTo: match.receivedTo + receivedBy,
    originalFrom: match.originalFrom + originalBy,
    originalTo: match.originalTo + originalBy,
  }
}

/** Position of a probe with the loudest sample of a part in its middle, which is more distinctive than silence. */
function loudest(samples: Int16Array, probe: number, from: number, to: number): number {
  let at = Math.floor(samples.length * from)
  let level = 0
  for (let i = at; i < samples.length * to; i++) {
    const here = Math.abs(samples[i] ?? 0)
    if (here > level) [at, level] = [i, here]
  }
  return Math.min(Math.max(0, at - (probe >> 1)), samples.length - probe)
}

/** Whether a piece is silent, so that it would match everywhere. */
function isFlat(samples: Int16Array, tolerance: number): boolean {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const sample of samples) {
    least = Math.min(least, sample)
    most = Math.max(most, sample)
  }
  return most - least <= 2 * tolerance
}

/** Position of a piece in the original that is nearest to `expected`. */
function placeOf(piece: Int16Array, original: Int16Array, expected: number, tolerance: number): number | undefined {
  const reach = Math.max(expected, original.length - expected)
  for (let distance = 0; distance <= reach; distance++) {
    if (isAt(piece, original, expected - distance, tolerance)) return expected - distance
    if (isAt(piece, original, expected + distance, tolerance)) return expected + distance
  }
  return undefined
}

/** Hot path: called for every position in the original. */
function isAt(piece: Int16Array, original: Int16Array, place: number, tolerance: number): boolean {
  if (place < 0 || place + piece.length > original.length) return false
  for (let i = 0; i < piece.length; i++) {
    const difference = (piece[i] ?? 0) - (original[place + i] ?? 0)
    if (difference > tolerance || difference < -tolerance) return false
  }
  return true
}

/** Extends a match from a position in both directions. */
function matchAt(received: Int16Array, original: Int16Array, at: number, place: number, tolerance: number): Match {
  const isSame = (i: number) => Math.abs((received[at + i] ?? 0) - (original[place + i] ?? 0)) <= tolerance
  let back = 0
  while (back < Math.min(at, place) && isSame(-back - 1)) back++
  const most = Math.min(received.length - at, original.length - place)
  let on = 0
  while (on < most && isSame(on)) on++
  return { receivedFrom: at - back, receivedTo: at + on, originalFrom: place - back, originalTo: place + on }
}
