/** Plans of the hub: of the program, and of streams that are read from it. */
import type { HubPlan } from '../plan/program-plan.ts'
import type { HubSourcePlan, RelayPlan } from '../plan/stream-plan.ts'
import type { Config } from './config.ts'
import type { HubReference } from './kinds/origin-stream.ts'

export function hubPlan({ hub, hubCredentials, hubCa, hubOrigin }: Config): HubPlan | undefined {
  return hub && { servers: hub, credentialsFile: hubCredentials, caFile: hubCa, origin: hubOrigin }
}

export function hubSourcePlan({ hub: name }: HubReference, relay: RelayPlan | undefined): HubSourcePlan {
  return { kind: 'hub', name, relay }
}

/** Whether an entry has all streams of the hub, each at the path of its name. */
export function readsAllOfHub({ from }: Config): boolean {
  return from !== undefined && 'hub' in from && from.hub === '*'
}
