import type { DeliveryOf } from '../delivery/deliveries.ts'
import type { ServedStream } from '../stream/served-stream.ts'
import type { FrontDoor } from './front-door.ts'

/** Time in which listeners may finish their last write before they are disconnected, in milliseconds. */
const END_WITHIN_MS = 1_500

/**
 * Stops accepting connections and ends the listeners of this thread; destroys the connections that have not ended in time.
 * @param others further work that has to end within the same time.
 */
export async function endListeners(
  streams: Iterable<ServedStream>,
  deliveryOf: DeliveryOf,
  frontDoor: FrontDoor,
  others: readonly Promise<unknown>[] = [],
): Promise<void> {
  frontDoor.shut()
  const ended = Array.from(streams, (stream) => deliveryOf(stream).endAll('shutting down'))
  await Promise.race([Promise.all([...ended, ...others]), new Promise((resolve) => setTimeout(resolve, END_WITHIN_MS))])
  await frontDoor.breakAll()
}
