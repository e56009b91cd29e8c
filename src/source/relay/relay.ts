import type { RelayPlan } from '../../plan/stream-plan.ts'
import type { Clock } from '../../system/clock.ts'
import type { Source } from '../source.ts'
import { shownUrl } from './shown-url.ts'

/** Lead of a server that sends faster than real time, in milliseconds: more than the burst of Icecast, 4 s at 128 kbit/s. */
const MAX_LEAD_MS = 10_000
/** Time without bytes after which it is opened again, in milliseconds, because a broken network does not end a connection. */
const MAX_QUIET_MS = 30_000

/** Makes a source of the stream of another server. The first address that answers with sound is used. */
export function createRelaySource(plan: RelayPlan, clock: Clock): Source {
  return {
    label: `relay ${plan.urls.map(shownUrl).join(' ')}`,
    maxLeadMs: MAX_LEAD_MS,
    maxQuietMs: MAX_QUIET_MS,
    async open(signal) {
      // Loaded on demand, because the client of HTTP takes memory and time.
      const { openRelay } = await import('./open-relay.ts')
      return openRelay(plan, clock, signal)
    },
  }
}
