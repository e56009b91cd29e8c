/** Finds where two sounds are the same. Samples are 16 bits, of all channels in turn. */

/** Samples in a row that are compared to find where in the original something is; or a quarter of it, when that is less. */
const PROBE = 2048
/** Parts of what was heard that are looked for, each by a probe. */
const PROBES = 8
/** A shorter match says nothing: parts of other sounds are equal by chance. In samples. */
const SHORTEST = 512

/** Where two sounds are the same. */
export interface Match {
  readonly heardFrom: number
  readonly heardTo: number
  readonly originalFrom: number
  readonly originalTo: number
}

/**
 * The longest part of what was heard that is in the original. Both ends are compared with both ends, and probes with everything.
 * @param fromEnd whether of equal matches the one at the end counts: silence is the same everywhere.
 */
export function longestMatch(
  heard: Int16Array,
  original: Int16Array,
  tolerance: number,
  fromEnd: boolean,
): Match | undefined {
  const shorter = Math.min(heard.length, original.length)
  if (shorter === 0) return undefined
  const atStart = matchAt(heard, original, 0, 0, tolerance)
  const atEnd = matchAt(heard, original, heard.length, original.length, tolerance)
  let longest = fromEnd ? atEnd : atStart
  const offer = (match: Match) => {
    if (lengthOf(match) > lengthOf(longest)) longest = match
    return lengthOf(longest) === heard.length
  }
  if (offer(fromEnd ? atStart : atEnd)) return longest
  const probe = Math.min(PROBE, Math.floor(shorter / 4))
  for (let i = 0; i < PROBES; i++) {
    const at = loudest(heard, probe, i / PROBES, (i + 1) / PROBES)
    const piece = heard.subarray(at, at + probe)
    if (isFlat(piece, tolerance)) continue
    const place = placeOf(piece, original, original.length - heard.length + at, tolerance)
    if (place !== undefined && offer(matchAt(heard, original, at, place, tolerance))) break
  }
  return lengthOf(longest) === 0 ? undefined : longest
}

/** How parts are looked for. */
export interface Search {
  readonly tolerance: number
  /** As for `longestMatch`. */
  readonly fromEnd: boolean
  /** Samples at the beginning of what was heard that need not be anywhere. */
  readonly settling: number
}

/** All parts of what was heard that are in the original, in the order of both. @param most pieces to look for. */
export function piecesOf(heard: Int16Array, original: Int16Array, search: Search, most: number): Match[] {
  const match = most > 0 ? longestMatch(heard, original, search.tolerance, search.fromEnd) : undefined
  if (match === undefined || lengthOf(match) < SHORTEST) return []
  const { heardFrom, heardTo, originalFrom, originalTo } = match
  const isFirst = heardFrom <= search.settling
  const [heardBefore, originalBefore] = [heard.subarray(0, heardFrom), original.subarray(0, originalFrom)]
  const before = isFirst ? [] : piecesOf(heardBefore, originalBefore, search, most - 1)
  const [heardAfter, originalAfter] = [heard.subarray(heardTo), original.subarray(originalTo)]
  const after = piecesOf(heardAfter, originalAfter, { ...search, settling: 0 }, most - 1 - before.length)
  return [...before, match, ...after.map((piece) => shifted(piece, heardTo, originalTo))]
}

export function lengthOf({ heardFrom, heardTo }: Match): number {
  return heardTo - heardFrom
}

function shifted(match: Match, heardBy: number, originalBy: number): Match {
  return {
    heardFrom: match.heardFrom + heardBy,
    heardTo: match.heardTo + heardBy,
    originalFrom: match.originalFrom + originalBy,
    originalTo: match.originalTo + originalBy,
  }
}

/** Where in a part of the samples a probe has the loudest one in its middle, which tells more than silence. */
function loudest(samples: Int16Array, probe: number, from: number, to: number): number {
  let at = Math.floor(samples.length * from)
  let level = 0
  for (let i = at; i < samples.length * to; i++) {
    const here = Math.abs(samples[i] ?? 0)
    if (here > level) [at, level] = [i, here]
  }
  return Math.min(Math.max(0, at - (probe >> 1)), samples.length - probe)
}

/** Silence is everywhere. */
function isFlat(samples: Int16Array, tolerance: number): boolean {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const sample of samples) {
    least = Math.min(least, sample)
    most = Math.max(most, sample)
  }
  return most - least <= 2 * tolerance
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

/** Goes on from a place where both may be the same, in both directions. */
function matchAt(heard: Int16Array, original: Int16Array, at: number, place: number, tolerance: number): Match {
  const isSame = (i: number) => Math.abs((heard[at + i] ?? 0) - (original[place + i] ?? 0)) <= tolerance
  let back = 0
  while (back < Math.min(at, place) && isSame(-back - 1)) back++
  const most = Math.min(heard.length - at, original.length - place)
  let on = 0
  while (on < most && isSame(on)) on++
  return { heardFrom: at - back, heardTo: at + on, originalFrom: place - back, originalTo: place + on }
}
