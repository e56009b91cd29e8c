import type { CreateFilter } from '../../filters/frame-filter.ts'
import { loadFilter } from '../../filters/load-filter.ts'
import type { ProgramPlan } from '../plan/program-plan.ts'
import { PublishPoints } from '../station/publish-points.ts'
import type { Registry } from '../station/station.ts'
import { createStream } from './open-entry.ts'
import type { FallbackParts } from './open-fallback.ts'

/** The publish points, and the filters of their streams. */
export interface Published {
  readonly publishing: PublishPoints
  /** Loads the filters of a plan that is to be used from then on. @throws FilterLoadError */
  prepare(plan: ProgramPlan): Promise<void>
}

/**
 * Creates the publish points, and adds the station of their streams to the registry.
 * @param current returns the current plan
 * @throws FilterLoadError when the filter of a wildcard cannot be loaded
 */
export async function openPublished(
  registry: Registry,
  current: () => ProgramPlan,
  parts: FallbackParts,
): Promise<Published> {
  // Streams are created while a publisher waits, and two at once must not become two streams, so filters are loaded before.
  const filters = new Map<string, CreateFilter>()
  const prepare = async ({ published }: ProgramPlan) => {
    for (const { ingest } of published) filters.set(ingest.filter, await loadFilter(ingest.filter))
  }
  await prepare(current())
  const publishing = new PublishPoints({
    registry,
    plans: () => current().published,
    create(plan, source) {
      const createFilter = filters.get(plan.ingest.filter)
      if (createFilter === undefined) throw new Error(`the filter ${plan.ingest.filter} was not loaded`)
      return createStream(plan, createFilter, source, parts)
    },
    hasBrowsers: current().pages.talk,
    clock: parts.clock,
  })
  registry.publishWith(publishing)
  return { publishing, prepare }
}
