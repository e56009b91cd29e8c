import { createRaw } from '../../filters/raw.ts'
import type { StreamPlan } from '../plan/stream-plan.ts'
import { type Source, SourceError } from '../source/source.ts'
import { entryOf } from '../station/single-stream.ts'
import type { Entry, Registry } from '../station/station.ts'
import { createStream, type OpenEntry, type StreamParts } from './open-entry.ts'

const AVAILABLE = 'the source is available now'

/**
 * Makes an entry for a stream whose source could not be created, such as a FIFO that does not exist yet. Each opening tries again,
 * with the pauses of every source that fails; when it succeeds, the real stream takes its place.
 * @param replaced called with the entry that has taken its place
 */
export function unavailableEntry(
  plan: StreamPlan,
  open: OpenEntry,
  registry: Registry,
  replaced: (entry: Entry) => void,
  parts: StreamParts,
): Entry {
  const source: Source = {
    label: plan.place ?? plan.path,
    async open() {
      const found = await open(plan)
      // A reload has replaced the entry meanwhile.
      if (registry.get(plan.path) !== entry) {
        await found.end(AVAILABLE)
        throw new SourceError(AVAILABLE)
      }
      registry.set(found)
      replaced(found)
      // This opening is part of the entry, and its end waits for it.
      void entry.end(AVAILABLE)
      throw new SourceError(AVAILABLE)
    },
  }
  const entry: Entry = entryOf(createStream(plan, createRaw, source, parts))
  return entry
}
