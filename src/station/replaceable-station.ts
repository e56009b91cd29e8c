import type { Station } from './station.ts'

/** A station that can be replaced by another one, for all its users. */
export interface ReplaceableStation extends Station {
  /** @returns the previous station. */
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
