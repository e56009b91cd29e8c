import { crc32 } from 'node:zlib'
import type { HubFrame } from '../../../filters/hub/message.ts'

/** Frames that must agree, and those among them that occur once in both: frames of silence repeat. */
const MIN_FRAMES = 3
const MIN_SINGLE = 2
/** Length of the frames that must agree, in bytes. */
const MIN_BYTES = 256

/**
 * Finds where two rows of frames are the same, up to the end of the row that ends first:
 *
 * ```
 *   heard   a b c d e f
 *   other       c d e f g h      offset -2: frame i of the first row is frame i - 2 of the other
 * ```
 *
 * @returns the offset; undefined when they have other frames, or too few to be certain
 */
export function findOffset(heard: readonly HubFrame[], other: readonly HubFrame[]): number | undefined {
  const places = singlePlaces(other)
  const tried = new Set<number>()
  for (const [hash, at] of [...singlePlaces(heard)].toReversed()) {
    const found = places.get(hash)
    if (at < 0 || found === undefined || found < 0 || tried.has(found - at)) continue
    tried.add(found - at)
    if (agree(heard, other, found - at, places)) return found - at
  }
  return undefined
}

/** Returns the index of each frame by its hash; -1 for those that occur more than once. */
function singlePlaces(frames: readonly HubFrame[]): Map<number, number> {
  const places = new Map<number, number>()
  for (const [at, { bytes }] of frames.entries()) {
    const hash = crc32(bytes)
    places.set(hash, places.has(hash) ? -1 : at)
  }
  return places
}

/** Compares backwards from the last frame that both have. */
function agree(
  heard: readonly HubFrame[],
  other: readonly HubFrame[],
  offset: number,
  places: ReadonlyMap<number, number>,
): boolean {
  let at = Math.min(heard.length, other.length - offset) - 1
  let [count, single, bytes] = [0, 0, 0]
  for (; at >= 0 && at + offset >= 0; at--) {
    const [one, two] = [heard[at]?.bytes, other[at + offset]?.bytes]
    if (one === undefined || two === undefined || !one.equals(two)) break
    count++
    bytes += one.length
    if ((places.get(crc32(one)) ?? -1) >= 0) single++
    if (count >= MIN_FRAMES && single >= MIN_SINGLE && bytes >= MIN_BYTES) return true
  }
  return false
}
