import type { Stream } from '../stream/stream.ts'
import type { Registry } from './station.ts'

/** Returns the streams in the order of the configuration, those of one section by path, and then the published ones by path. */
export function streamsInOrder(registry: Pick<Registry, 'entries' | 'streams'>): Stream[] {
  const configured = [...registry.entries()].flatMap((entry) => byPath(entry.streams()))
  const known = new Set(configured)
  return [...configured, ...byPath([...registry.streams()].filter((stream) => !known.has(stream)))]
}

function byPath(streams: Iterable<Stream>): Stream[] {
  return [...streams].toSorted((one, other) => (one.path < other.path ? -1 : 1))
}
