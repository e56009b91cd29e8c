/**
 * Compares the decoded pieces of a listener with the decoded whole stream. Samples are 16 bits, channels interleaved; positions
 * and lengths count samples of each channel.
 */

/** A piece of the stream that a listener received. */
export interface SoundPiece {
  /** Its beginning and end in the decoded whole stream. */
  readonly from: number
  readonly to: number
  /** Number of samples before it that are not of the stream: a lead-in. */
  readonly inserted: number
}

/** Result of the comparison of a piece. */
export interface Verdict {
  /** Number of missing samples. */
  readonly lost: number
  /** Number of samples from its beginning until the sound is correct up to the end of the piece. */
  readonly exactAfter: number
}

/** Tolerated differences. */
export interface Comparison {
  /** Samples of a frame: the end of a piece may be lost, frame by frame. */
  readonly frameSamples: number
  /** Maximum difference of equal samples. */
  readonly tolerance: number
  /** Samples that the decoder skips at the beginning, */
  readonly swallows: number
  /** and the maximum number after a gap. */
  readonly swallowsAtSkips: number
  /** Set when the decoder fills a gap with silence, the length of which it chooses. */
  readonly silencesAtSkips?: number
}

/** Number of consecutive samples that agree only in the same sound. */
const WINDOW = 128
/** Maximum distance between the expected and the found position of a piece, beyond frames that may be lost or added. */
const REACH = 16_384
/** Numbers of frames at the end of a piece that may be lost. */
const LOST_ENDS = [0, 1, 2]

/**
 * @param length of the whole stream, from which the decoder's number of channels follows.
 * @returns the result of each piece; undefined for one that is too short to decide, or cannot be found.
 */
export function comparePieces(
  heard: Int16Array,
  whole: Int16Array,
  pieces: readonly SoundPiece[],
  length: number,
  comparison: Comparison,
): (Verdict | undefined)[] {
  const { swallows, swallowsAtSkips, silencesAtSkips } = comparison
  const sounds = { heard, whole, channels: Math.round(whole.length / length) }
  let end = -swallows
  return pieces.map((piece, i) => {
    const missed = piece.from - (pieces[i - 1]?.to ?? piece.from)
    const silenced = silencesAtSkips === undefined ? 0 : missed
    const swallowed = i === 0 ? 0 : swallowsAtSkips
    const expected = end + silenced + piece.inserted + piece.to - piece.from
    const found = findPiece(sounds, piece, expected - swallowed, REACH + silenced, comparison)
    end = found?.end ?? expected - swallowed
    const lost = expected - end
    return found && { lost: silenced > 0 ? 0 : withoutUsual(lost, swallowed), exactAfter: found.exactAfter }
  })
}

/** @param usual samples that a decoder may skip, but need not. */
function withoutUsual(lost: number, usual: number): number {
  return lost > 0 ? Math.max(0, lost - usual) : lost
}

/** Decoded sound of a listener, and that of the whole stream. */
interface Sounds {
  readonly heard: Int16Array
  readonly whole: Int16Array
  readonly channels: number
}

/** Finds the end of a piece in the decoded sound, at most `reach` from `expected`, and compares backwards from there. */
function findPiece(
  { heard, whole, channels }: Sounds,
  { from, to }: SoundPiece,
  expected: number,
  reach: number,
  { swallows, tolerance, frameSamples }: Comparison,
): { end: number; exactAfter: number } | undefined {
  for (const cut of LOST_ENDS) {
    const last = to - cut * frameSamples
    if (last - from < WINDOW) break
    const sameAt = (at: number, most: number) =>
      sameBackwards(heard, at * channels, whole, (last - swallows) * channels, most * channels, tolerance)
    const end = nearest(expected, reach, (at) => sameAt(at, WINDOW) === WINDOW * channels)
    if (end === undefined) continue
    return { end, exactAfter: last - from - Math.floor(sameAt(end, last - from) / channels) }
  }
  return undefined
}

/** Returns the matching position nearest to `place`, at most `reach` from it. */
function nearest(place: number, reach: number, isAt: (at: number) => boolean): number | undefined {
  for (let distance = 0; distance <= reach; distance++) {
    if (isAt(place - distance)) return place - distance
    if (isAt(place + distance)) return place + distance
  }
  return undefined
}

/** Number of equal samples before the two ends; `most` at most. */
function sameBackwards(
  heard: Int16Array,
  heardEnd: number,
  whole: Int16Array,
  wholeEnd: number,
  most: number,
  tolerance: number,
): number {
  if (heardEnd > heard.length) return 0
  const limit = Math.min(most, heardEnd, wholeEnd)
  let same = 0
  while (same < limit) {
    const difference = (heard[heardEnd - 1 - same] ?? 0) - (whole[wholeEnd - 1 - same] ?? 0)
    if (difference > tolerance || difference < -tolerance) break
    same++
  }
  return same
}
