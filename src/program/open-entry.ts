import { fstatSync, statSync } from 'node:fs'
import { isatty } from 'node:tty'
import type { CreateFilter } from '../../filters/frame-filter.ts'
import { loadFilter } from '../../filters/load-filter.ts'
import { UsageError } from '../config/usage-error.ts'
import type { Hub } from '../hub/hub.ts'
import type { SourcePlan, StreamPlan } from '../plan/stream-plan.ts'
import type { RingMemory } from '../ring/ring-memory.ts'
import type { Listen } from '../source/derived/listen.ts'
import type { OrphanGuard } from '../source/exec/orphan-guard.ts'
import { openSource } from '../source/kinds.ts'
import type { PathSource } from '../source/path-source.ts'
import { type Source, SourceError } from '../source/source.ts'
import { Directory } from '../station/directory.ts'
import type { PathCounters } from '../station/path-counters.ts'
import { entryOf } from '../station/single-stream.ts'
import type { Entry } from '../station/station.ts'
import { createTitleFile, followTitleFile } from '../station/title-file.ts'
import { examineFile } from '../stream/examine-file.ts'
import { Stream } from '../stream/stream.ts'
import type { EventOfStream } from '../stream/stream-event.ts'
import type { Emitter } from '../system/emitter.ts'
import type { Runtime } from '../system/runtime.ts'
import type { InnerListeners } from './inner-listeners.ts'
import { createWithFallback, type FallbackParts } from './open-fallback.ts'
import { hubSource } from './open-hub.ts'
import type { Recordings } from './open-recorders.ts'
import { streamOptions } from './stream-options.ts'

/** Parts of the program that all streams share. */
export interface StreamParts extends Runtime {
  readonly guard: OrphanGuard
  /** Memory for the rings of all streams. */
  readonly memory: RingMemory
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

const NO_SOURCE = 'pipe data in, or use -demo, -exec, -path or -play (see -help)'
const NOTHING_TO_WARM = '-warm cannot be combined with a directory, whose FIFOs are opened on request'

/** @throws FilterLoadError, SourceError or UsageError when the filter or the source cannot be created */
export async function openEntry(plan: StreamPlan, parts: StreamParts): Promise<Entry> {
  const createFilter = await loadFilter(plan.ingest.filter)
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
    'directory' in found
      ? new Directory(plan, found.directory, create, () => forget?.(), parts.clock)
      : entryOf(create(plan, found.source), () => forget?.())
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
  const { memory, clock, log, events, counters, recordings } = parts
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
  return stream
}

async function findSource(plan: StreamPlan, createFilter: CreateFilter, parts: StreamParts): Promise<PathSource> {
  const [source] = plan.sources
  if (source === undefined) throw new SourceError('no source')
  refuseEmptyInput(source)
  const asStream = streamOptions(plan, createFilter, {})
  const log = parts.log.with({ stream: plan.path })
  const listen: Listen = (...origin) => parts.inner.listen(...origin)
  const opened = openSource(source, {
    ...parts,
    log,
    listen,
    readHub: (own) => hubSource(own, parts.hub),
    examine: (path) => examineFile(path, asStream),
  })
  const found = await opened.catch((error: unknown) => directoryToCome(plan, source, error, parts))
  const { warm } = plan.supervision
  if (source.kind === 'path' && 'source' in found && found.source.patient && !warm) {
    log.info('FIFO opening deferred', { source: found.source.label, until: 'first listener' })
  }
  return found
}

/** A directory of FIFOs may be created later. @throws the error of a source that is not a directory by its path */
function directoryToCome(plan: StreamPlan, source: SourcePlan, error: unknown, { log }: Runtime): PathSource {
  const isDirectory = source.kind === 'path' && plan.path !== '/' && plan.path.endsWith('/')
  if (!isDirectory || !(error instanceof SourceError)) throw error
  log.warn('directory not found', { stream: plan.path, error: error.message })
  return { directory: source.path }
}

/** @throws UsageError when standard input is read for lack of another source, and cannot have any bytes */
function refuseEmptyInput(source: SourcePlan): void {
  if (source.kind !== 'standard input' || !source.required) return
  const what = isatty(0) ? 'a terminal' : fstatSync(0).rdev === nullDevice() ? 'empty (/dev/null)' : undefined
  if (what !== undefined) throw new UsageError(`standard input is ${what}: ${NO_SOURCE}`, undefined, undefined)
}

function nullDevice(): number | undefined {
  return statSync('/dev/null', { throwIfNoEntry: false })?.rdev
}

/** @throws SourceError when only one of a path and its source is a directory; UsageError about a directory to be kept warm */
function refuseOtherPath({ path, supervision }: StreamPlan, found: PathSource): void {
  if ('directory' in found && supervision.warm) throw new UsageError(NOTHING_TO_WARM, 'warm', undefined)
  if (path === '/' || 'directory' in found === path.endsWith('/')) return
  if ('directory' in found)
    throw new SourceError(`${found.directory} is a directory: its section is written [${path}/]`)
  throw new SourceError(
    `${found.source.label} is not a directory of FIFOs: its section is written [${path.slice(0, -1)}]`,
  )
}
