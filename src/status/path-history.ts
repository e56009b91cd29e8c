import type { Stream } from '../stream/stream.ts'
import { type Arrivals, createArrivals } from './arrivals.ts'
import { createHistory, type History } from './history.ts'

/** History of the streams at one path, which may replace one another. */
export interface Trace {
  readonly history: History
  readonly arrivals: Arrivals
}

/** Histories of all paths. */
export interface PathHistory {
  of(path: string): Trace
  /** Adds a point for each stream, and removes the histories of paths without a stream. */
  takePoint(streams: Iterable<Stream>, now: number): void
}

/** Interval of the points, and length of the history, in seconds. */
export const POINT_EVERY_SECONDS = 5
const HISTORY_SECONDS = 3_600

/** Points are numbered alike at all paths, so that a path that was removed and added again does not reuse old numbers. */
export function createPathHistory(): PathHistory {
  const known = new Map<string, Trace>()
  let number = 0

  function traceOf(path: string): Trace {
    const found = known.get(path)
    if (found !== undefined) return found
    const history = createHistory(POINT_EVERY_SECONDS, HISTORY_SECONDS / POINT_EVERY_SECONDS, number)
    const trace = { history, arrivals: createArrivals() }
    known.set(path, trace)
    return trace
  }

  return {
    of: traceOf,
    takePoint(streams, now) {
      const all = [...streams]
      const paths = new Set(all.map(({ path }) => path))
      for (const path of known.keys()) if (!paths.has(path)) known.delete(path)
      for (const stream of all) {
        const { history, arrivals } = traceOf(stream.path)
        history.add(stream.listeners)
        arrivals.note(now, stream.counters.bytesIn)
      }
      number++
    },
  }
}
