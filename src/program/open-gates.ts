import { Gatekeeper } from '../access/gatekeeper.ts'
import type { ListenGate } from '../access/listen-gate.ts'
import type { Logins } from '../access/logins.ts'
import { createPublisherGate, type PublisherGate } from '../access/publisher-gate.ts'
import type { CountRefusal } from '../access/refusal-counts.ts'
import type { Runtime } from '../system/runtime.ts'

/** Gates of listeners and publishers. */
export interface Gates {
  readonly listeners: ListenGate
  readonly publishers: PublisherGate
}

/**
 * Makes the gates. What asks URLs is loaded with the first question.
 * @param port returns the port that the program listens at
 */
export function openGates(
  logins: Logins,
  countRefusal: CountRefusal,
  port: () => number,
  { clock, log }: Runtime,
): Gates {
  const callbacks = once(async () => new (await import('../access/callbacks/callbacks.ts')).Callbacks(clock, log))
  const ofListeners = once(async () => {
    const { ListenCallbacks } = await import('../access/callbacks/listen-callbacks.ts')
    return new ListenCallbacks(await callbacks(), port, clock)
  })
  const ofPublishers = once(async () => {
    const { PublishCallbacks } = await import('../access/callbacks/publish-callbacks.ts')
    return new PublishCallbacks(await callbacks(), port, clock)
  })
  return {
    listeners: new Gatekeeper({ logins, callbacks: ofListeners, countRefusal }, clock),
    publishers: createPublisherGate(logins, ofPublishers),
  }
}

function once<Part>(make: () => Promise<Part>): () => Promise<Part> {
  let made: Promise<Part> | undefined
  return () => {
    made ??= make()
    return made
  }
}
