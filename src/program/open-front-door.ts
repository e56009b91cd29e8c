import type { RefusalCounts } from '../access/refusal-counts.ts'
import type { DeliveryOf } from '../delivery/deliveries.ts'
import type { Visits } from '../delivery/visits.ts'
import type { ProgramPlan } from '../plan/program-plan.ts'
import type { Runtime } from '../system/runtime.ts'
import type { Threads } from '../threads/threads.ts'
import type { Delegate } from '../transport/delegate.ts'
import { createFrontDoor, type FrontDoor } from '../transport/front-door.ts'
import { createRoutes } from '../transport/routes.ts'
import type { Clients } from './open-clients.ts'
import { type Gates, openGates } from './open-gates.ts'
import { openPublishers } from './open-publishers.ts'
import type { OpenedTls } from './open-tls.ts'
import type { Streams } from './server.ts'

/** Parts of the program that the front door uses. */
export interface DoorParts {
  readonly streams: Streams
  readonly deliveryOf: DeliveryOf
  readonly visits: Visits
  readonly refusals: RefusalCounts
  readonly tls: OpenedTls | undefined
  readonly clients: Clients
}

/** Parts of the program that are made after the front door, and before it accepts its first connection. */
export interface LaterParts {
  readonly delegate: Delegate
  readonly threads: () => Pick<Threads, 'makeRoomFor' | 'shun'>
  /** Returns the port that the program listens at. */
  readonly port: () => number
}

/** Makes the gates and the front door, which does not listen yet. */
export function openFrontDoor(
  plan: ProgramPlan,
  { streams, deliveryOf, visits, refusals, tls, clients }: DoorParts,
  { delegate, threads, port }: LaterParts,
  runtime: Runtime,
): { readonly gates: Gates; readonly frontDoor: FrontDoor } {
  const { clock, log } = runtime
  const countRefusal = refusals.add
  const shun = (network: string, ms: number) => threads().shun(network, ms)
  const gates = openGates(plan.admin, { visits, countRefusal, port, shun }, runtime)
  const { take, lines } = openPublishers(streams, gates, countRefusal, runtime)
  const handle = createRoutes(streams.registry, deliveryOf, visits, gates.access, take, delegate, clock, log)
  const limits = { timeoutMs: plan.listen.headerTimeoutMs, shunned: gates.shunned, ...clients.reception }
  const reception = { ...limits, handle, secure: tls?.secure, lines }
  const frontDoor = createFrontDoor(reception, countRefusal, clock, log, (client) => threads().makeRoomFor(client))
  return { gates, frontDoor }
}
