import { CAUSES, type Cause, KINDS } from './listeners.ts'
import type { Parts } from './parts.ts'
import { limitsOf, type SimulationPlan, slowEdges } from './plan.ts'
import type { EdgeIncident } from './simulated-edge.ts'
import { END_MS, type Happening, schedule } from './timeline.ts'
import { STEP_MS } from './under-way.ts'
import { makeWorld, type World } from './world.ts'

/** Times of listeners of one kind that were without sound, in milliseconds. */
interface Wait {
  readonly cause: Cause
  readonly kind: string
  readonly listeners: number
  readonly p50: number
  readonly p99: number
  readonly most: number
}

/** What a simulation has found. */
export interface SimulationResult {
  readonly plan: SimulationPlan
  readonly incidents: readonly EdgeIncident[]
  readonly happenings: readonly Happening[]
  readonly waits: readonly Wait[]
  /** Edges from number 0 on that have a slow way to the hub. */
  readonly slowEdges: number
  readonly dropped: number
  readonly stranded: number
  readonly served: number
  readonly longestAcceptMs: number
  /** The most of any edge: attempts to connect in a tenth of a second, and traffic in a second; and its limits. */
  readonly attemptsPerTenth: number
  readonly acceptsPerTenth: number
  readonly bitsPerSecond: number
  readonly maxBitsPerSecond: number
  /** Totals of all edges. */
  readonly changes: number
  readonly duplicates: number
  readonly refilled: number
  /** Mean traffic of the busiest hub server, in bits per second: to clients, and to other servers. */
  readonly hubToClients: number
  readonly hubToServers: number
}

const S = 1_000
const BITS = 8
/** Arrivals: part of the listeners, and from when to when they come, in milliseconds. */
const ARRIVALS = [
  { part: 0.85, from: 5 * S, until: 65 * S },
  { part: 0.15, from: 70 * S, until: 73 * S },
] as const
/** Part of the listeners that leaves in each second, while as many others arrive. */
const CHURN_PER_SECOND = 0.001
const CHURN_FROM_MS = 75 * S

/** Runs a simulation from its beginning to its end. */
export function simulate(plan: SimulationPlan, parts: Parts): SimulationResult {
  const world = makeWorld(plan, parts)
  const happenings = schedule(world)
  stepListeners(plan, world)
  world.clock.runUntil(END_MS)
  for (const edge of world.edges) edge.end()
  return resultOf(plan, world, happenings)
}

function stepListeners({ listeners: all }: SimulationPlan, { clock, listeners }: World): void {
  const owed = ARRIVALS.map(() => 0)
  let churn = 0
  const step = () => {
    const now = clock.now()
    for (const [i, { part, from, until }] of ARRIVALS.entries()) {
      if (now < from || now >= until) continue
      const due = (owed[i] ?? 0) + (all * part * STEP_MS) / (until - from)
      owed[i] = due % 1
      listeners.arrive(Math.floor(due))
    }
    if (now >= CHURN_FROM_MS) {
      churn += (all * CHURN_PER_SECOND * STEP_MS) / S
      listeners.leave(Math.floor(churn))
      listeners.arrive(Math.floor(churn))
      churn %= 1
    }
    listeners.step()
    clock.after(STEP_MS, step)
  }
  clock.after(STEP_MS, step)
}

function resultOf(
  plan: SimulationPlan,
  { hub, edges, listeners, incidents }: World,
  happenings: readonly Happening[],
): SimulationResult {
  const { doors, waits, dropped, stranded, served } = listeners
  const { acceptsPerSecond, bitsPerSecond: maxBitsPerSecond } = limitsOf(plan)
  const waitsOf = (cause: Cause): Wait[] =>
    waits[cause].map((histogram, i) => {
      const { total, most } = histogram
      const [p50, p99] = [histogram.quantile(0.5), histogram.quantile(0.99)]
      return { cause, kind: KINDS[i]?.name ?? '', listeners: total, p50, p99, most }
    })
  const sum = (value: 'changes' | 'duplicates' | 'refilled') =>
    edges.reduce((total, { totals }) => total + totals[value], 0)
  const bitsOf = (value: 'bytesToClients' | 'bytesToServers') =>
    (Math.max(...hub.servers.map((server) => server[value])) * BITS * S) / END_MS
  return {
    plan,
    incidents,
    happenings,
    waits: CAUSES.flatMap(waitsOf),
    slowEdges: slowEdges(plan.edges),
    dropped,
    stranded,
    served,
    longestAcceptMs: Math.max(...doors.map(({ longestWaitMs }) => longestWaitMs)),
    attemptsPerTenth: Math.max(...doors.map(({ mostAttempts }) => mostAttempts)),
    acceptsPerTenth: acceptsPerSecond / 10,
    bitsPerSecond: Math.max(...doors.map(({ mostBytes }) => mostBytes)) * BITS,
    maxBitsPerSecond,
    changes: sum('changes'),
    duplicates: sum('duplicates'),
    refilled: sum('refilled'),
    hubToClients: bitsOf('bytesToClients'),
    hubToServers: bitsOf('bytesToServers'),
  }
}
