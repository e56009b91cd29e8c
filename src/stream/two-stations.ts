import type { Station } from './station.ts'

/** One station of two. Where both have a stream at a path, it is the first one's. */
export function twoStations(first: Station, second: Station): Station {
  return {
    find: async (path) => (await first.find(path)) ?? second.find(path),
    *streams() {
      yield* first.streams()
      yield* second.streams()
    },
  }
}
