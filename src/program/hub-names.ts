import type { Hub } from '../hub/hub.ts'
import type { HubSourcePlan } from '../plan/stream-plan.ts'
import { isPagePath } from '../station/page-paths.ts'
import type { Names } from '../station/streams-below.ts'
import type { Clock } from '../system/clock.ts'
import { faultOfPath } from '../text/stream-path.ts'

/** Time after which all origins have announced their streams, in milliseconds: they do it every 2 s. */
const ALL_KNOWN_MS = 3_000

/**
 * Returns the names of the streams that the origins of a hub announce. Those that would have the path of a page, or none that is
 * valid, are left out.
 * @param prefix what precedes a name in the path of its stream
 */
export function hubNames(hub: Hub, prefix: string, clock: Clock): Names {
  const since = clock.now()
  const all = () => hub.announced().flatMap(({ name }) => (isUsable(`${prefix}${name}`) ? [name] : []))
  return {
    whenGone: 'no origin publishes it',
    all: async () => all(),
    async has(name) {
      // Listeners of an edge that has just started are not refused because of an announcement that is to come.
      while (!all().includes(name)) {
        const waitMs = isUsable(`${prefix}${name}`) ? since + ALL_KNOWN_MS - clock.now() : 0
        if (waitMs <= 0) return false
        await change(hub, waitMs, clock)
      }
      return true
    },
    source: (name) => hub.source(sourcePlan(name)),
    sourcePlan,
    follow: (changed) => hub.onAnnounced(changed),
  }
}

function sourcePlan(name: string): HubSourcePlan {
  return { kind: 'hub', name, relay: undefined }
}

/** Resolves when another stream is announced, after a time at the latest. */
async function change(hub: Hub, ms: number, clock: Clock): Promise<void> {
  const ends: (() => void)[] = []
  await new Promise<void>((resolve) => {
    ends.push(hub.onAnnounced(resolve), clock.after(ms, resolve))
  })
  for (const end of ends) end()
}

function isUsable(path: string): boolean {
  return faultOfPath(path) === undefined && !path.endsWith('/') && !isPagePath(path)
}
