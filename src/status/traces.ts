import type { Stream } from '../stream/stream.ts'
import { type Arrivals, createArrivals } from './arrivals.ts'
import { createHistory, type History } from './history.ts'

/** What is remembered of the streams at one path, which may follow one another. */
export interface Trace {
  readonly history: History
  readonly arrivals: Arrivals
}

/** The traces of all paths. */
export interface Traces {
  of(path: string): Trace
  /** Takes a point of each stream, and forgets the paths that there is none at any more. */
  takePoint(streams: Iterable<Stream>, now: number): void
}

/** Points are so far apart, in seconds, and go so far back. */
export const POINT_EVERY_SECONDS = 5
const HISTORY_SECONDS = 3_600

/** Points have the same numbers at all paths, so that one that was forgotten and comes again cannot be taken for the old one. */
export function createTraces(): Traces {
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
        arrivals.note(now, stream.statistics().bytesIn)
      }
      number++
    },
  }
}
