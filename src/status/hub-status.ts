import type { Hub, PublishedState, ReadState } from '../hub/hub.ts'
import { hubNameOf } from '../hub/hub-name-of.ts'
import type { Stream } from '../stream/stream.ts'
import { maskSecrets } from '../text/mask-secrets.ts'
import type { HubPublishedStatus, HubReadStatus, HubStatus, StreamHubStatus } from './hub-report.ts'
import { toldText } from './safe-text.ts'
import type { Moments } from './timestamps.ts'

/** The state of the hub. */
export type HubState = Pick<Hub, 'link' | 'origin' | 'published' | 'read' | 'edges'>

/** @param showsAddresses false: omits addresses of servers @returns null: there is no hub */
export function hubStatus(hub: HubState | undefined, moment: Moments, showsAddresses: boolean): HubStatus | null {
  if (hub === undefined) return null
  const { isConnected, since, server, reconnects, roundTripMs, problem, keepsHistory } = hub.link
  return {
    name: hub.origin,
    isConnected,
    since: moment(since),
    server: showsAddresses ? told(server) : null,
    reconnects,
    roundTripMs: roundTripMs === undefined ? null : tenths(roundTripMs),
    problem: showsAddresses ? told(problem) : null,
    keepsHistory,
    edges: hub.edges().map(({ edge, listeners, hears }) => ({
      name: toldText(edge),
      listeners,
      hears: Object.fromEntries(Object.entries(hears).map((pair) => pair.map(toldText))),
    })),
  }
}

/** @returns null: the stream has nothing to do with the hub */
export function streamHubStatus(
  hub: HubState | undefined,
  stream: Pick<Stream, 'path' | 'plan'>,
): StreamHubStatus | null {
  const name = hubNameOf(stream.plan)
  const published = hub?.published(stream.path)
  const read = name === undefined ? undefined : hub?.read(name)
  if (published === undefined && read === undefined) return null
  return { published: published ? publishedStatus(published) : null, read: read ? readStatus(read) : null }
}

function publishedStatus({ name, messages, frames, bytes, resent, refused }: PublishedState): HubPublishedStatus {
  return { name, messages, frames, bytes, framesResent: resent, framesRefused: refused }
}

function readStatus({ name, heard, origins, counters, delayMs }: ReadState): HubReadStatus {
  const { changes, gapMs, longestGapMs, duplicates, refilled, lost } = counters
  return {
    name: toldText(name),
    heard: heard === undefined ? null : toldText(heard),
    origins: origins.map(({ origin, quietMs }) => ({ name: toldText(origin), quietMs: Math.round(quietMs) })),
    changes,
    gapMs: Math.round(gapMs),
    longestGapMs: Math.round(longestGapMs),
    framesDuplicate: duplicates,
    framesRefilled: refilled,
    framesLost: lost,
    delayMs: delayMs === undefined ? null : tenths(delayMs),
  }
}

function told(text: string | undefined): string | null {
  return text === undefined ? null : toldText(maskSecrets(text))
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10
}
