import { type AdminGate, createAdminGate } from '../access/admin-gate.ts'
import { Gatekeeper } from '../access/gatekeeper.ts'
import type { ListenGate } from '../access/listen-gate.ts'
import { Logins } from '../access/logins.ts'
import { createPublisherGate, type PublisherGate } from '../access/publisher-gate.ts'
import type { CountRefusal } from '../access/refusal-counts.ts'
import { ShunnedNetworks } from '../access/shunned-networks.ts'
import type { Visits } from '../delivery/visits.ts'
import type { ProgramPlan } from '../plan/program-plan.ts'
import type { Runtime } from '../system/runtime.ts'
import { StreamAccess } from '../transport/stream-access.ts'

/** Who may listen, publish and administrate. */
export interface Gates {
  readonly listeners: ListenGate
  readonly publishers: PublisherGate
  readonly admins: AdminGate
  /** Decides which clients may have a stream. */
  readonly access: StreamAccess
  readonly shunned: ShunnedNetworks
}

/** Parts of the program that gates use. */
export interface GateParts {
  readonly visits: Visits
  readonly countRefusal: CountRefusal
  /** Returns the port that the program listens at. */
  readonly port: () => number
  /** Shuns a network in the other threads; see `ShunnedNetworks`. */
  shun(network: string, ms: number): void
}

/** Makes the gates. What asks URLs is loaded with the first question. */
export function openGates(plan: ProgramPlan['admin'], parts: GateParts, { clock, log }: Runtime): Gates {
  const { countRefusal, port } = parts
  const shunned = new ShunnedNetworks(clock)
  const logins = new Logins(clock, log, (network, ms) => {
    shunned.add(network, ms)
    parts.shun(network, ms)
  })
  const callbacks = once(async () => new (await import('../access/callbacks/callbacks.ts')).Callbacks(clock, log))
  const ofListeners = once(async () => {
    const { ListenCallbacks } = await import('../access/callbacks/listen-callbacks.ts')
    return new ListenCallbacks(await callbacks(), port, clock)
  })
  const ofPublishers = once(async () => {
    const { PublishCallbacks } = await import('../access/callbacks/publish-callbacks.ts')
    return new PublishCallbacks(await callbacks(), port, clock)
  })
  const listeners = new Gatekeeper({ logins, callbacks: ofListeners, countRefusal }, clock)
  return {
    listeners,
    publishers: createPublisherGate(logins, ofPublishers),
    admins: createAdminGate(plan, logins, countRefusal),
    access: new StreamAccess(listeners, parts.visits, countRefusal),
    shunned,
  }
}

function once<Part>(make: () => Promise<Part>): () => Promise<Part> {
  let made: Promise<Part> | undefined
  return () => {
    made ??= make()
    return made
  }
}
