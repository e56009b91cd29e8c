import type { IndexEntry } from '../endpoints/index/index-entry.ts'
import type { Registry } from '../station/station.ts'
import { encodePath } from '../stream/encode-path.ts'
import { formatText } from '../stream/format-text.ts'
import type { Stream } from '../stream/stream.ts'

/** Returns the streams for the index, in the order of the configuration; streams marked `hidden` are left out. */
export function indexEntries(registry: Registry): IndexEntry[] {
  return Array.from(registry.streams())
    .filter(({ plan }) => !plan.page.hidden)
    .map(entryOf)
}

function entryOf(stream: Stream): IndexEntry {
  const { path, plan, isRaw, format, titles, listeners, sourceState } = stream
  const samples = isRaw ? plan.ingest.samples : undefined
  return {
    path,
    listen: encodePath(path) + (samples === undefined ? '' : '?wav'),
    name: plan.about.name ?? '',
    description: plan.about.description ?? '',
    format: formatText(format, samples?.format),
    title: titles.newest?.text ?? '',
    listeners,
    isOpen: sourceState.kind === 'open',
  }
}
