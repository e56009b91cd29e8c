import type { DeliveryPlan, StreamPlan } from '../plan/stream-plan.ts'
import type { ServedStream } from '../stream/served-stream.ts'
import type { Clock } from '../system/clock.ts'
import { Delivery } from './delivery.ts'
import { WriteMemory } from './write-memory.ts'

/** Returns the delivery of a stream. It is created at the first call and released with its stream. */
export type DeliveryOf = (stream: ServedStream) => Delivery

/**
 * @param writeMemory limit for writes that clients have not accepted yet, over all streams of a thread, in bytes
 * @param policyOf limits of a stream's listeners; undefined: those of its plan
 */
export function createDeliveries(
  writeMemory: number,
  clock: Clock,
  policyOf: (plan: StreamPlan) => DeliveryPlan = ({ delivery }) => delivery,
): DeliveryOf {
  const memory = new WriteMemory(writeMemory)
  const active = { count: 0 }
  const known = new WeakMap<ServedStream, Delivery>()
  return (stream) => {
    const delivery = known.get(stream) ?? new Delivery(stream, memory, clock, active, policyOf(stream.plan))
    known.set(stream, delivery)
    return delivery
  }
}
