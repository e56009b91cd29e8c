/** How many bytes had come at some moment, in milliseconds of the clock. */
interface Point {
  readonly at: number
  readonly bytes: number
}

/** How fast the bytes of a source come. */
export interface Arrivals {
  /** So many have come in all; fewer than before: it is another source. */
  note(at: number, bytes: number): void
  /**
   * Bits a second since the oldest moment that is remembered.
   * @param openSince when the source was opened: before that nothing came.
   * @returns null when that is too short a time to tell.
   */
  rate(now: number, bytes: number, openSince: number): number | null
}

/** Moments that are remembered: with one every 5 s, the last 10 to 15 s. */
const REMEMBERED = 3
/** What comes in less time, in milliseconds, says nothing of what will come. */
const SHORTEST_MS = 1_000

export function createArrivals(): Arrivals {
  let points: readonly Point[] = []
  const since = (bytes: number) => points.filter((point) => point.bytes <= bytes)
  return {
    note(at, bytes) {
      points = [...since(bytes), { at, bytes }].slice(-REMEMBERED)
    },
    rate(now, bytes, openSince) {
      const { at, bytes: before } = since(bytes)[0] ?? { at: openSince, bytes: 0 }
      const ms = now - Math.max(at, openSince)
      return ms < SHORTEST_MS ? null : ((bytes - before) * 8 * 1000) / ms
    },
  }
}
