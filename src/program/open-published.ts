import { createWav } from '../../filters/wav/wav.ts'
import type { StreamPlan } from '../plan/stream-plan.ts'
import { PublishedStreams } from '../station/published-streams.ts'
import type { Registry } from '../station/station.ts'
import { createStream, type StreamParts } from './open-entry.ts'

/**
 * Creates the station of the streams that browsers publish, and adds it to the registry.
 * @param plans returns the current plans of published streams, the longest wildcard first
 */
export function openPublished(
  registry: Registry,
  plans: () => readonly StreamPlan[],
  parts: Pick<StreamParts, 'memory' | 'clock' | 'log'>,
): PublishedStreams {
  const planOf = (path: string): StreamPlan => {
    const found = plans().find((plan) => matches(plan.path, path))
    // The wildcard /* is always among the plans.
    if (found === undefined) throw new Error(`no plan for a stream published at ${path}`)
    return { ...found, path }
  }
  const published = new PublishedStreams(
    { find: (path) => registry.findConfigured(path), streams: () => [] },
    (path, source) => createStream(planOf(path), createWav, source, parts),
    parts.clock,
  )
  registry.publishWith(published)
  return published
}

/** Whether a path is below a wildcard: `/guests/*` matches `/guests/a/b`, but not `/guests/`. */
function matches(wildcard: string, path: string): boolean {
  const prefix = wildcard.slice(0, -1)
  return path.startsWith(prefix) && path.length > prefix.length
}
