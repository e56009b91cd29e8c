/**
 * Compares what was decoded of a listener's pieces with what was decoded of the whole stream. Samples are 16 bits, of all
 * channels in turn; positions and lengths count samples of each channel.
 */

/** A piece of the stream as a listener got it. */
export interface SoundPiece {
  /** Where it begins and ends in the decode of the whole stream. */
  readonly from: number
  readonly to: number
  /** The sound of what came before it and is not of the stream: a lead-in. */
  readonly inserted: number
}

/** How a piece came out. */
export interface Verdict {
  /** So many samples came less than should have. */
  readonly lost: number
  /** So many samples after its beginning the sound becomes what it should be, and stays so to the end of the piece. */
  readonly exactAfter: number
}

/** What to allow for. */
export interface Comparison {
  /** The end of a piece may be lost, frame by frame. */
  readonly frameSamples: number
  /** By so much may equal samples differ. */
  readonly tolerance: number
  /** The decoder leaves out so much at the beginning, */
  readonly swallows: number
  /** and up to so much behind a hole. */
  readonly swallowsAtSkips: number
  /** Set when it makes silence of a hole, whose length is its own affair. */
  readonly silencesAtSkips?: number
}

/** So many samples in a row are alike only where they are the same sound. */
const WINDOW = 128
/** So far from where it should be a piece is looked for, beyond what frames may be lost or added. */
const REACH = 16_384
/** So many frames at the end of a piece may be lost. */
const LOST_ENDS = [0, 1, 2]

/**
 * @param length of the whole stream, which says how many channels the decoder makes.
 * @returns for each piece how it came out; undefined for one that is too short to tell, or is nowhere to be found.
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

/** @param usual what a decoder may leave out, and need not. */
function withoutUsual(lost: number, usual: number): number {
  return lost > 0 ? Math.max(0, lost - usual) : lost
}

/** What was heard, and what there was to hear. */
interface Sounds {
  readonly heard: Int16Array
  readonly whole: Int16Array
  readonly channels: number
}

/** Looks for the end of a piece in what was heard, not further than `reach` from `expected`, and compares from there backwards. */
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

/** The position nearest to `place`, and no further from it than `reach`, that is the one. */
function nearest(place: number, reach: number, isAt: (at: number) => boolean): number | undefined {
  for (let distance = 0; distance <= reach; distance++) {
    if (isAt(place - distance)) return place - distance
    if (isAt(place + distance)) return place + distance
  }
  return undefined
}

/** How many samples before the two ends are the same; `most` at most. */
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
