import type { Stream } from '../stream/stream.ts'
import { type Arrivals, createArrivals } from './arrivals.ts'
import { createHistory, type History } from './history.ts'

/** History of the streams at one path, which may replace one another. */
export interface Trace {
  readonly history: History
  readonly arrivals: Arrivals
  readonly peak: ListenerPeak
}

/** Most listeners of a stream at one time. */
class ListenerPeak {
  /** Undefined: there were none. */
  noted: { readonly listeners: number; readonly at: number } | undefined
  #stream: Stream | undefined

  /** Notes the moment at which the peak has grown, or another stream has begun. */
  note(stream: Stream, now: number): void {
    if (stream !== this.#stream) this.noted = undefined
    this.#stream = stream
    const { listenerPeak: listeners } = stream.counters
    if (listeners > (this.noted?.listeners ?? 0)) this.noted = { listeners, at: now }
  }
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
    const trace = { history, arrivals: createArrivals(), peak: new ListenerPeak() }
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
        const { history, arrivals, peak } = traceOf(stream.path)
        history.add(stream.listeners)
        arrivals.note(now, stream.counters.bytesIn)
        peak.note(stream, now)
      }
      number++
    },
  }
}
