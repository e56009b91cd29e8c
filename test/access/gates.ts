import type { Logger } from '@logtape/logtape'
import type { PublishQuestion } from '../../src/access/callbacks/publish-callbacks.ts'
import { Gatekeeper } from '../../src/access/gatekeeper.ts'
import { type Credentials, Logins } from '../../src/access/logins.ts'
import { createPublisherGate, type PublisherGate } from '../../src/access/publisher-gate.ts'
import type { DeliveryOf } from '../../src/delivery/deliveries.ts'
import { Visits } from '../../src/delivery/visits.ts'
import type { PublishPlan } from '../../src/plan/stream-plan.ts'
import type { Clock } from '../../src/system/clock.ts'
import { StreamAccess } from '../../src/transport/stream-access.ts'

/** A program that publishes. */
const PUBLISHER: PublishQuestion = {
  mount: '/dj',
  address: '192.0.2.1',
  agent: undefined,
  host: undefined,
  isTitle: false,
}

function noCallbacks(): never {
  throw new Error('no URL is asked')
}

/** Makes a gate of publishers that asks no URLs. */
export function publisherGate(clock: Clock, log: Logger): PublisherGate {
  return createPublisherGate(new Logins(clock, log), noCallbacks)
}

/** The same for one publisher. */
export function openPublisherGate(clock: Clock, log: Logger) {
  const gate = publisherGate(clock, log)
  return {
    check: (rules: PublishPlan, offered: Credentials | undefined, network: string) =>
      gate.check(rules, offered, network, PUBLISHER),
  }
}

/** Makes the access to streams, without URLs to ask, and the visits that it counts. */
export function openStreamAccess(deliveryOf: DeliveryOf, clock: Clock, log: Logger) {
  const visits = new Visits(0, deliveryOf)
  const logins = new Logins(clock, log)
  const gate = new Gatekeeper({ logins, callbacks: noCallbacks, countRefusal: () => {} }, clock)
  return { visits, access: new StreamAccess(gate, visits, () => {}) }
}
