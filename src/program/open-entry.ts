import type { CreateFilter } from '../../filters/frame-filter.ts'
import type { Hub } from '../hub/hub.ts'
import type { StreamPlan } from '../plan/stream-plan.ts'
import type { RingMemory } from '../ring/ring-memory.ts'
import type { OrphanGuard } from '../source/exec/orphan-guard.ts'
import type { Source } from '../source/source.ts'
import type { PathCounters } from '../station/path-counters.ts'
import { entryOf } from '../station/single-stream.ts'
import type { Entry } from '../station/station.ts'
import { StreamsBelow } from '../station/streams-below.ts'
import { createTitleFile, followTitleFile } from '../station/title-file.ts'
import { Stream } from '../stream/stream.ts'
import type { EventOfStream } from '../stream/stream-event.ts'
import type { Emitter } from '../system/emitter.ts'
import type { Runtime } from '../system/runtime.ts'
import { findSource, refuseOtherPath } from './find-source.ts'
import type { InnerListeners } from './inner-listeners.ts'
import { createWithFallback, type FallbackParts } from './open-fallback.ts'
import { filterOf, publishOnHub } from './open-hub.ts'
import type { Recordings } from './open-recorders.ts'
import { streamOptions } from './stream-options.ts'

/** Parts of the program that all streams share. */
export interface StreamParts extends Runtime {
  readonly guard: OrphanGuard
  /** Memory for the rings of all streams. */
  readonly memory: RingMemory
  /** Whether a path has a section of its own. */
  readonly isConfigured: (path: string) => boolean
  /** Connects streams to other streams. */
  readonly inner: InnerListeners
  readonly counters: PathCounters
  /** Undefined: none is configured. */
  readonly hub: Hub | undefined
  readonly recordings: Pick<Recordings, 'look'>
  /** Gets the events of all streams. */
  readonly events: Pick<Emitter<EventOfStream>, 'emit'>
}

/** Makes the stream of a plan, or the directory of its streams. */
export type OpenEntry = (plan: StreamPlan) => Promise<Entry>

/** @throws FilterLoadError, SourceError or UsageError when the filter or the source cannot be created */
export async function openEntry(plan: StreamPlan, parts: StreamParts): Promise<Entry> {
  const createFilter = await filterOf(plan)
  const found = await findSource(plan, createFilter, parts)
  refuseOtherPath(plan, found)
  const { file, charset } = plan.titles
  const titleFile = file === undefined ? undefined : createTitleFile(file, charset)
  await titleFile?.look()
  const create = (own: StreamPlan, source: Source) => {
    const stream = createStream(own, createFilter, source, parts)
    stream.setTitle(titleFile?.title ?? '')
    return stream
  }
  let forget: (() => void) | undefined
  const entry =
    'source' in found
      ? entryOf(create(plan, found.source), () => forget?.())
      : new StreamsBelow(plan, found.names, create, parts.isConfigured, () => forget?.(), parts.clock)
  if (titleFile !== undefined) forget = followTitleFile(titleFile, entry)
  return entry
}

/** Creates a stream of a source. */
export function createStream(
  plan: StreamPlan,
  createFilter: CreateFilter,
  source: Source,
  parts: FallbackParts,
): Stream {
  const { memory, clock, log, events, counters, recordings, hub } = parts
  const stream =
    plan.fallback.paths.length > 0
      ? createWithFallback(plan, createFilter, source, parts)
      : new Stream(
          plan,
          source,
          { ...streamOptions(plan, createFilter, source, memory), counters: counters.of(plan.path) },
          clock,
          log,
        )
  stream.events.subscribe((event) => events.emit({ stream, event }))
  recordings.look(stream)
  publishOnHub(stream, hub)
  return stream
}
