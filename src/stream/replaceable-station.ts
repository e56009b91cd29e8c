import type { Station } from './station.ts'

/** A station whose place another may take, for all who know it. */
export interface ReplaceableStation extends Station {
  /** @returns the station that was there before. */
  replace(next: Station): Station
}

export function replaceableStation(first: Station): ReplaceableStation {
  let current = first
  return {
    find: (path) => current.find(path),
    streams: () => current.streams(),
    replace(next) {
      const before = current
      current = next
      return before
    },
  }
}
