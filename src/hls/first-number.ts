/** Numbers are counted from 2026-01-01 on, so that they fit into 31 bits until 2059: some players read them so. */
const ORIGIN_MS = Date.UTC(2026, 0, 1)
/** More than there can be segments in a second for long. */
const NUMBERS_PER_SECOND = 2
/** Segments of a step; less than there are in a playlist. */
const STEP_SEGMENTS = 5
/**
 * Numbers of discontinuities. hls.js has an array with a place for each number and looks at all of them for each segment: with
 * 57 million it takes all of a core, and its sound breaks.
 */
const DISCONTINUITIES = 2 ** 16

/**
 * Returns the Media Sequence Number of the first segment of a playlist (RFC 8216, section 4.3.3.2), from the wall time of its
 * first sample. It must be beyond the numbers that this program has used before it was started again, of which it knows nothing;
 * and the same at another origin of the same frames, which has received them some hundred milliseconds earlier or later.
 *
 * ```
 *   wall time      |        step         |        step         |
 *   number          60                    120
 *                    ^ ^ two origins: 60
 *                              ^ started again: 120 at the earliest, if the first one has run for a step
 * ```
 *
 * Numbers grow faster than segments are made, so they never go back after at least a step; after less, at most the numbers
 * of a step are used again, and MEDIA-SEQUENCE itself does not go back. Origins disagree when a step ends between their first
 * samples: with 300 ms between them and steps of 30 s, in one of a hundred cases.
 * @param wallMs in milliseconds since 1970
 */
export function firstNumber(wallMs: number, segmentMs: number): number {
  return steps(wallMs, segmentMs) * Math.ceil(((STEP_SEGMENTS * segmentMs) / 1000) * NUMBERS_PER_SECOND)
}

/**
 * Returns the number of the discontinuity that a playlist begins with. As with segments, it grows with each step; but it starts
 * again at 1, after 22 days if segments have 6 s.
 */
export function firstDiscontinuity(wallMs: number, segmentMs: number): number {
  return 1 + (steps(wallMs, segmentMs) % DISCONTINUITIES)
}

/**
 * Returns the Media Sequence Number of segment 0 of an epoch with a mark, of which all servers know when it began: it is beyond those of
 * an epoch before, unless that lasted less than half a second.
 */
export function firstNumberOfEpoch(beganAt: number): number {
  return Math.max(0, Math.floor(((beganAt - ORIGIN_MS) / 1000) * NUMBERS_PER_SECOND))
}

function steps(wallMs: number, segmentMs: number): number {
  return Math.max(0, Math.floor((wallMs - ORIGIN_MS) / (STEP_SEGMENTS * segmentMs)))
}
