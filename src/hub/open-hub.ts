import type { HubPlan } from '../plan/program-plan.ts'
import type { Runtime } from '../system/runtime.ts'
import type { Hub } from './hub.ts'

/** Connects to the servers of a plan, without waiting for them. @throws UsageError about credentials that cannot be read */
export declare function openHub(plan: HubPlan, runtime: Runtime): Promise<Hub>
