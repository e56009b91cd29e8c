import type { Clock } from '../clock.ts'
import type { Stream } from '../stream/stream.ts'
import { Delivery, type DeliveryPolicy } from './delivery.ts'

/** Finds the delivery of a stream; it is made when it is asked for first, and goes with its stream. */
export type DeliveryOf = (stream: Stream) => Delivery

export function createDeliveries(policy: DeliveryPolicy, clock: Clock): DeliveryOf {
  const known = new WeakMap<Stream, Delivery>()
  return (stream) => {
    const delivery = known.get(stream) ?? new Delivery(stream, policy, clock)
    known.set(stream, delivery)
    return delivery
  }
}
