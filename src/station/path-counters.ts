import { StreamCounters } from '../stream/counters.ts'
import type { Station } from './station.ts'

/** Number of paths without a stream whose counters are kept at least. */
const KEPT_PATHS = 64

/** The counters of all paths. A stream that replaces another one at its path continues them. */
export class PathCounters {
  readonly #station: Pick<Station, 'streams'>
  readonly #known = new Map<string, StreamCounters>()
  /** Number of paths at which those without a stream are removed. */
  #most = KEPT_PATHS

  constructor(station: Pick<Station, 'streams'>) {
    this.#station = station
  }

  of(path: string): StreamCounters {
    if (this.#known.size >= this.#most) this.#forgetOthers()
    const counters = this.#known.get(path) ?? new StreamCounters()
    this.#known.set(path, counters)
    return counters
  }

  /** Removes the counters of paths without a stream, from time to time: publishers may invent any number of paths. */
  #forgetOthers(): void {
    const present = new Set(Array.from(this.#station.streams(), ({ path }) => path))
    for (const path of this.#known.keys()) if (!present.has(path)) this.#known.delete(path)
    this.#most = 2 * this.#known.size + KEPT_PATHS
  }
}
