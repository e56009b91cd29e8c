import type { EdgeLimits } from './edge-door.ts'

/** Size of a simulation. */
export interface SimulationPlan {
  readonly seed: number
  readonly listeners: number
  readonly edges: number
  /** Number of streams; every second one has the same frames at both origins. */
  readonly streams: number
}

export const HUB_SERVERS = 3
/** Edges whose way to the hub is slow; one in ten, and at least one. */
const SLOW_SHARE = 0.1

export const LONG: SimulationPlan = { seed: 1, listeners: 1_000_000, edges: 40, streams: 8 }
/** As many listeners for each edge's limits; see `limitsOf`. */
export const SHORT: SimulationPlan = { seed: 1, listeners: 40_000, edges: 20, streams: 2 }

/** Connections per second that a storm of 10,000 was accepted at without a refusal (bench/README.md), and `listen`'s queue. */
const MEASURED: EdgeLimits = { acceptsPerSecond: 5_000, backlog: 4_096 }
/** Listeners of one edge of the long form. */
const MEASURED_LISTENERS = 25_000
/** Network of an edge with that number, in bits per second. */
const MEASURED_BITS = 10e9

/** Returns the limits of an edge; with fewer listeners they are lower, so that a short form finds what a long one does. */
export function limitsOf({ listeners, edges }: SimulationPlan): EdgeLimits & { readonly bitsPerSecond: number } {
  const part = Math.min(1, listeners / edges / MEASURED_LISTENERS)
  return {
    acceptsPerSecond: MEASURED.acceptsPerSecond * part,
    backlog: Math.ceil(MEASURED.backlog * part),
    bitsPerSecond: MEASURED_BITS * part,
  }
}

export function slowEdges(edges: number): number {
  return Math.max(1, Math.round(edges * SLOW_SHARE))
}
