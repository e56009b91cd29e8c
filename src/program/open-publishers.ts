import type { CountRefusal } from '../access/refusal-counts.ts'
import type { ProgramPlan } from '../plan/program-plan.ts'
import type { Runtime } from '../system/runtime.ts'
import { createPublishers, type Publishers } from '../transport/publish/publishers.ts'
import type { Gates } from './open-gates.ts'
import type { Streams } from './server.ts'

/** Makes the handlers of programs that publish. */
export function openPublishers(
  { publishing, current, registry }: Streams,
  { publishers: gate, admins }: Pick<Gates, 'publishers' | 'admins'>,
  countRefusal: CountRefusal,
  { clock, log }: Runtime,
): Publishers {
  return createPublishers(
    publishing,
    gate,
    { admins, station: registry },
    () => canPublish(current.plan),
    countRefusal,
    clock,
    log,
  )
}

/** Whether programs can publish at any path. */
function canPublish({ streams, published }: ProgramPlan): boolean {
  return [streams, published].some((plans) => plans.some(({ publish }) => publish !== undefined))
}
