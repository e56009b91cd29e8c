import { hostname } from 'node:os'
import type { HubPlan } from '../plan/program-plan.ts'
import type { Runtime } from '../system/runtime.ts'
import { createHub } from './create-hub.ts'
import type { Hub } from './hub.ts'
import { connectNats } from './nats/connect-nats.ts'

/** Connects to the servers of a plan, without waiting for them. @throws HubCredentialsError about credentials that cannot be read */
export async function openHub(plan: HubPlan, runtime: Runtime): Promise<Hub> {
  const link = await connectNats(plan, runtime)
  return createHub(link, { ...runtime, origin: plan.origin ?? hostname(), wallClock: Date.now })
}
