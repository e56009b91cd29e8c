import type { HubPlan } from '../../plan/program-plan.ts'
import type { Runtime } from '../../system/runtime.ts'
import type { HubLink } from '../hub-link.ts'
import { credentialsOf } from './dial.ts'
import { NatsLink } from './nats-link.ts'

/**
 * Connects to the servers of a plan, one at a time, and to the next one when it is lost. It does not wait for the connection.
 * @throws HubCredentialsError
 */
export async function connectNats(plan: HubPlan, runtime: Runtime): Promise<HubLink> {
  return new NatsLink(plan, await credentialsOf(plan), runtime)
}
