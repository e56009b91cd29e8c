import type { DeliveryOf } from '../delivery/deliveries.ts'
import type { Stream } from '../stream/stream.ts'
import type { Clock } from '../system/clock.ts'
import type { Segments } from './shared-segments.ts'
import { createRelay, type Relay } from './stream-export.ts'
import { both } from './two-watchers.ts'

/** @returns a function from a stream to its one relay, which is made when the first thread requests the stream. */
export function createRelays(deliveryOf: DeliveryOf, segments: Segments, clock: Clock): (stream: Stream) => Relay {
  const relays = new WeakMap<Stream, Relay>()
  let streams = 0
  return (stream) => {
    const known = relays.get(stream)
    if (known !== undefined) return known
    const relay = createRelay(stream, streams++, segments, clock)
    relays.set(stream, relay)
    // The relay first, so that the other threads work while this one writes.
    stream.watcher = both(relay, deliveryOf(stream))
    stream.recount = () => relay.count()
    return relay
  }
}
