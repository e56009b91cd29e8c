import type { CreateFilter } from '../../filters/frame-filter.ts'
import { loadFilter } from '../../filters/load-filter.ts'
import type { Hub } from '../hub/hub.ts'
import type { ProgramPlan } from '../plan/program-plan.ts'
import type { StreamPlan } from '../plan/stream-plan.ts'
import { SourceError } from '../source/source.ts'
import type { Stream } from '../stream/stream.ts'
import type { Runtime } from '../system/runtime.ts'

/** Opens the hub of a plan, and does not wait for its servers. It is loaded on demand, because its client takes memory. */
export async function openHubOf({ hub: plan }: ProgramPlan, runtime: Runtime): Promise<Hub | undefined> {
  if (plan === undefined) return undefined
  const { openHub } = await import('../hub/open-hub.ts')
  return openHub(plan, runtime)
}

/** @throws SourceError when there is no hub */
export function neededHub(hub: Hub | undefined): Hub {
  if (hub === undefined) throw new SourceError('no hub is configured (hub nats://...)')
  return hub
}

/** Loads the filter of a plan. @throws FilterLoadError when it cannot be loaded */
export async function filterOf({ ingest, sources }: StreamPlan): Promise<CreateFilter> {
  const own = await loadFilter(ingest.filter)
  if (!sources.some(({ kind }) => kind === 'hub')) return own
  const { createHubFilter } = await import('../../filters/hub/hub-filter.ts')
  return createHubFilter(own)
}

/** Name of the stream at `/` on a hub. At an edge it is the path of no page. */
const ROOT_NAME = 'stream'

/** Returns the name on the hub of a stream that is published there; undefined: it is not. */
export function publishedNameOf({ path, hubPublish }: Pick<StreamPlan, 'path' | 'hubPublish'>): string | undefined {
  return hubPublish && (hubPublish.name ?? (path.slice(1) || ROOT_NAME))
}

/** Publishes the frames of a stream until it has ended, if its plan says so. @throws SourceError when there is no hub */
export function publishOnHub(stream: Stream, hub: Hub | undefined): void {
  const name = publishedNameOf(stream.plan)
  if (name !== undefined) neededHub(hub).publish(stream, name)
}
