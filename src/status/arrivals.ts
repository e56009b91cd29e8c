/** Total bytes received at a moment, which is in milliseconds of the clock. */
interface Point {
  readonly at: number
  readonly bytes: number
}

/** Measures the byte rate of a source. */
export interface Arrivals {
  /** Records the total of bytes received. A smaller total than before means another source. */
  note(at: number, bytes: number): void
  /**
   * Bits per second since the oldest recorded moment.
   * @param openSince when the source was opened: no bytes arrived before.
   * @returns null when the time is too short for an estimate.
   */
  rate(now: number, bytes: number, openSince: number): number | null
}

/** Number of moments to keep: with one every 5 s, the last 10 to 15 s. */
const REMEMBERED = 3
/** Minimum time of a measurement, in milliseconds: the rate over a shorter time does not predict the next bytes. */
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
