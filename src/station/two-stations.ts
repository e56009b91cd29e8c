import type { Station } from './station.ts'

/** Joins two stations. Where both have a stream at a path, the first one's is used. */
export function twoStations(first: Station, second: Station): Station {
  return {
    find: async (path) => (await first.find(path)) ?? second.find(path),
    *streams() {
      yield* first.streams()
      yield* second.streams()
    },
  }
}
