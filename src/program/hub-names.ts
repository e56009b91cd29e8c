import type { Hub } from '../hub/hub.ts'
import { isPagePath } from '../station/page-paths.ts'
import type { Names } from '../station/streams-below.ts'
import { faultOfPath } from '../text/stream-path.ts'

/**
 * Returns the names of the streams that the origins of a hub announce. Those that would have the path of a page, or none that is
 * valid, are left out.
 * @param prefix what precedes a name in the path of its stream
 */
export function hubNames(hub: Hub, prefix: string): Names {
  const isUsable = (path: string) => faultOfPath(path) === undefined && !path.endsWith('/') && !isPagePath(path)
  const all = () => hub.announced().flatMap(({ name }) => (isUsable(`${prefix}${name}`) ? [name] : []))
  return {
    whenGone: 'no origin publishes it',
    all: async () => all(),
    has: async (name) => all().includes(name),
    source: (name) => hub.source({ kind: 'hub', name, relay: undefined }),
    follow: (changed) => hub.onAnnounced(changed),
  }
}
