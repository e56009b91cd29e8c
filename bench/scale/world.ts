import { Listeners } from './listeners.ts'
import type { Parts } from './parts.ts'
import { HUB_SERVERS, limitsOf, type SimulationPlan, slowEdges } from './plan.ts'
import { Random } from './random.ts'
import { SimulatedClock } from './simulated-clock.ts'
import type { EdgeIncident } from './simulated-edge.ts'
import { SimulatedEdge } from './simulated-edge.ts'
import { SimulatedHub } from './simulated-hub.ts'
import { SimulatedOrigin, type SimulatedStream } from './simulated-origin.ts'
import { LAN, SLOW, WAN } from './wire.ts'

/** Everything that is simulated. */
export interface World {
  readonly clock: SimulatedClock
  readonly random: Random
  readonly hub: SimulatedHub
  readonly origins: readonly SimulatedOrigin[]
  readonly edges: readonly SimulatedEdge[]
  readonly listeners: Listeners
  readonly incidents: EdgeIncident[]
}

/** Maximum time by which the second reader of a source is behind the first, in milliseconds. */
const MOST_BEHIND_MS = 200
/** Records of listeners for those that come and go at the same time. */
const SPARE_RECORDS = 1.1

/** Makes the streams, of which every second one has the same frames at both origins. */
function makeStreams(count: number, random: Random): SimulatedStream[] {
  return Array.from({ length: count }, (_, number) => ({
    number,
    isShared: number % 2 === 0,
    behindMs: random.between(0, MOST_BEHIND_MS),
  }))
}

/** Popularity of streams: the second has half of the listeners of the first, the third a third. */
function sharesOf(streams: number): number[] {
  const weights = Array.from({ length: streams }, (_, i) => 1 / (i + 1))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}

/** Makes a world in which nothing runs yet. */
export function makeWorld(plan: SimulationPlan, parts: Parts): World {
  const clock = new SimulatedClock()
  const random = new Random(plan.seed)
  const hub = new SimulatedHub(clock, random, HUB_SERVERS, parts.hubPause)
  const streams = makeStreams(plan.streams, random)
  const incidents: EdgeIncident[] = []
  const report = (incident: EdgeIncident) => void incidents.push(incident)
  const origins = ['a', 'b'].map((name) => new SimulatedOrigin(name, LAN, clock, streams, parts.resends))
  const slow = slowEdges(plan.edges)
  const edges = Array.from({ length: plan.edges }, (_, number) => {
    return new SimulatedEdge(number, number < slow ? SLOW : WAN, { clock, hub, parts, streams }, report)
  })
  const most = Math.ceil(plan.listeners * SPARE_RECORDS)
  const listenerPlan = { most, edges: plan.edges, limits: limitsOf(plan), shares: sharesOf(plan.streams) }
  const listeners = new Listeners(listenerPlan, parts, clock, random)
  return { clock, random, hub, origins, edges, listeners, incidents }
}
