import { isForMembers } from '../access/listen-gate.ts'
import type { IndexEntry } from '../endpoints/index/index-entry.ts'
import type { StreamPlan } from '../plan/stream-plan.ts'
import type { SourceState } from '../source/supervise/source-state.ts'
import type { Registry } from '../station/station.ts'
import { encodePath } from '../stream/encode-path.ts'
import { formatText } from '../stream/format-text.ts'
import { samplesOf } from '../stream/samples-of.ts'
import type { Stream } from '../stream/stream.ts'
import type { Clock } from '../system/clock.ts'

/** States of a source without sound, also for a listener who waits a moment. */
const AWAY: ReadonlySet<SourceState['kind']> = new Set(['waiting', 'retrying', 'ended'])

/**
 * Returns the streams for the index, in the order of the configuration, with the FIFOs of directories that no listener has requested
 * yet, and then the published streams. Streams marked `hidden` are left out.
 */
export async function indexEntries(registry: Registry, clock: Clock): Promise<IndexEntry[]> {
  const streams = new Map(Array.from(registry.streams(), (stream) => [stream.path, stream]))
  const configured = await Promise.all(
    Array.from(registry.entries(), async (entry) => {
      const paths = await entry.paths()
      return paths.map((path) => ({ path, plan: entry.plan }))
    }),
  )
  const listed = configured.flat()
  const published = [...streams.values()].filter(({ path }) => !listed.some((one) => one.path === path))
  return [...listed, ...published]
    .filter(({ plan }) => !plan.page.hidden)
    .map(({ path, plan }) => entryOf(path, plan, streams.get(path), clock))
}

/** @param stream undefined: it has not been requested yet */
function entryOf(
  path: string,
  { about, access, ingest }: StreamPlan,
  stream: Stream | undefined,
  clock: Clock,
): IndexEntry {
  const isOpen = stream?.sourceState.kind === 'open' || stream?.fallback !== undefined
  const samples = stream === undefined ? ingest.samples : samplesOf(stream)
  return {
    path,
    listen: encodePath(path) + (samples === undefined ? '' : '?wav'),
    name: about.name ?? '',
    description: about.description ?? '',
    format: formatText(stream?.format, samples?.format),
    // What is played is for those who may listen.
    title: isForMembers(access) ? '' : (stream?.titles.newest?.text ?? ''),
    isForMembers: isForMembers(access),
    listeners: stream?.listeners ?? 0,
    isOpen,
    isOff: !isOpen && stream !== undefined && AWAY.has(stream.sourceState.kind),
    liveMs: stream && liveMs(stream, clock.now()),
  }
}

/** Returns the time for which a publisher has been on air, in milliseconds; undefined: none is. */
function liveMs({ sourceState: { kind, peer, since } }: Stream, now: number): number | undefined {
  return kind === 'open' && peer?.kind === 'publisher' ? Math.round(now - since) : undefined
}
