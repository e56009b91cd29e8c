import { fstatSync, statSync } from 'node:fs'
import { isatty } from 'node:tty'
import type { CreateFilter } from '../../filters/frame-filter.ts'
import { UsageError } from '../config/usage-error.ts'
import type { SourcePlan, StreamPlan } from '../plan/stream-plan.ts'
import type { Listen } from '../source/derived/listen.ts'
import { openSource } from '../source/kinds.ts'
import type { PathSource } from '../source/path-source.ts'
import { type Source, SourceError } from '../source/source.ts'
import { fifoNames } from '../station/fifo-names.ts'
import type { Names } from '../station/streams-below.ts'
import { examineFile } from '../stream/examine-file.ts'
import type { Runtime } from '../system/runtime.ts'
import { hubNames } from './hub-names.ts'
import type { StreamParts } from './open-entry.ts'
import { neededHub } from './open-hub.ts'
import { streamOptions } from './stream-options.ts'

const NO_SOURCE = 'pipe data in, or use -demo, -exec, -path or -play (see -help)'
const NOTHING_TO_PUBLISH = '-hub-publish cannot be combined with a directory, whose FIFOs are opened on request'
const NOTHING_TO_WARM = '-warm cannot be combined with a directory, whose FIFOs are opened on request'

/** The source of a plan, or the names of the sources below its path. */
export type FoundSource = { readonly source: Source } | { readonly names: Names; readonly whatIs: string }

/** Makes the source of a plan, or finds those below its path. @throws SourceError or UsageError when there is nothing to read */
export async function findSource(
  plan: StreamPlan,
  createFilter: CreateFilter,
  parts: StreamParts,
): Promise<FoundSource> {
  const [source] = plan.sources
  if (source === undefined) throw new SourceError('no source')
  if (source.kind === 'hub' && source.name === '*') {
    return { names: hubNames(neededHub(parts.hub), plan.path.slice(0, -1), parts.clock), whatIs: 'hub:*' }
  }
  refuseEmptyInput(source)
  const asStream = streamOptions(plan, createFilter, {})
  const log = parts.log.with({ stream: plan.path })
  const listen: Listen = (...origin) => parts.inner.listen(...origin)
  const opened = openSource(source, {
    ...parts,
    log,
    listen,
    readHub: (own) => neededHub(parts.hub).source(own),
    examine: (path) => examineFile(path, asStream),
  })
  const found = await opened.catch((error: unknown) => directoryToCome(plan, source, error, parts))
  const { warm } = plan.supervision
  if (source.kind === 'path' && 'source' in found && found.source.patient && !warm) {
    log.info('FIFO opening deferred', { source: found.source.label, until: 'first listener' })
  }
  if ('source' in found) return found
  return { names: fifoNames(found.directory, parts.clock), whatIs: found.directory }
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

/**
 * @throws SourceError when only one of a path and its source is a directory; UsageError about a directory to be kept warm
 */
export function refuseOtherPath({ path, supervision, hubPublish }: StreamPlan, found: FoundSource): void {
  // The configuration has compared a wildcard with its source.
  if (path.endsWith('*')) return
  if ('names' in found && hubPublish !== undefined) throw new UsageError(NOTHING_TO_PUBLISH, 'hub-publish', undefined)
  if ('names' in found && supervision.warm) throw new UsageError(NOTHING_TO_WARM, 'warm', undefined)
  if (path === '/' || 'names' in found === path.endsWith('/')) return
  if ('names' in found) throw new SourceError(`${found.whatIs} is a directory: its section is written [${path}/]`)
  throw new SourceError(
    `${found.source.label} is not a directory of FIFOs: its section is written [${path.slice(0, -1)}]`,
  )
}
