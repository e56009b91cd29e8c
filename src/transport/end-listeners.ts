import type { DeliveryOf } from '../delivery/deliveries.ts'
import type { ServedStream } from '../stream/served-stream.ts'
import type { FrontDoor } from './front-door.ts'

/** Whatever has not ended by itself so long after it was asked to is ended, in milliseconds. */
const END_WITHIN_MS = 1_500

/**
 * No new connections, and the listeners of this thread ended; what has not ended in time is broken.
 * @param others is waited for as well.
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
