import type { Hub } from '../hub/hub.ts'
import type { Names } from '../station/streams-below.ts'

/** Returns the names of the streams that the origins of a hub announce. */
export function hubNames(hub: Hub): Names {
  const all = () => hub.announced().map(({ name }) => name)
  return {
    whenGone: 'no origin publishes it',
    all: async () => all(),
    has: async (name) => all().includes(name),
    source: (name) => hub.source({ kind: 'hub', name, relay: undefined }),
    follow: (changed) => hub.onAnnounced(changed),
  }
}
