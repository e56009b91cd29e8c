import type { Hub } from '../hub/hub.ts'
import type { ProgramPlan } from '../plan/program-plan.ts'
import type { HubSourcePlan } from '../plan/stream-plan.ts'
import { type Source, SourceError } from '../source/source.ts'
import type { Runtime } from '../system/runtime.ts'

/** Opens the hub of a plan, and does not wait for its servers. It is loaded on demand, because its client takes memory. */
export async function openHubOf({ hub: plan }: ProgramPlan, runtime: Runtime): Promise<Hub | undefined> {
  if (plan === undefined) return undefined
  const { openHub } = await import('../hub/open-hub.ts')
  return openHub(plan, runtime)
}

/** @throws SourceError when there is no hub */
export function hubSource(plan: HubSourcePlan, hub: Hub | undefined): Source {
  if (hub === undefined) throw new SourceError('no hub is configured (hub nats://...)')
  return hub.source(plan)
}
