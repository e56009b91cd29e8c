/** Cost of a listener by their number: streamserve, the floor and Icecast, in turns. */

import type { Contender } from './contenders.ts'
import { POLL_INTERVAL_MS } from './load.ts'
import { type Measurement, measure, type Plan } from './measure.ts'
import { median } from './statistics.ts'

/** Number of listeners, and number of rounds. */
export interface Size {
  readonly listeners: number
  readonly rounds: number
}

/** One server with one number of listeners. */
export interface FanoutResult {
  readonly server: string
  readonly listeners: number
  readonly rounds: readonly Measurement[]
}

/** Alternates the order, so that effects of warming up or of time favour none of the servers. */
export async function measureFanout(
  contenders: readonly Contender[],
  { listeners, rounds }: Size,
  time: Pick<Plan, 'seconds' | 'settleMs'>,
  log: (text: string) => void,
): Promise<FanoutResult[]> {
  const able = contenders.filter(({ upTo = Number.POSITIVE_INFINITY }) => listeners <= upTo)
  const results = new Map<Contender, Measurement[]>(able.map((contender) => [contender, []]))
  for (let round = 1; round <= rounds; round++) {
    for (const contender of round % 2 ? able : able.toReversed()) {
      const { name, start, content, rate, onceAbove = Number.POSITIVE_INFINITY } = contender
      if (round > 1 && listeners > onceAbove) continue
      log(`${listeners} listeners, round ${round} of ${rounds}: ${name}`)
      results
        .get(contender)
        ?.push(await measure(start, { ...time, listeners, content, rate, pollIntervalMs: POLL_INTERVAL_MS }))
    }
  }
  return [...results].map(([{ name }, measured]) => ({ server: name, listeners, rounds: measured }))
}

/** Returns the typical memory of a server, in MB; NaN when it was not measured. */
export function memoryOf(result: FanoutResult | undefined): number {
  return result === undefined ? Number.NaN : typical(result, (round) => round.memoryMb)
}

/** Returns the median of the rounds. */
export function typical({ rounds }: FanoutResult, value: (round: Measurement) => number): number {
  return median(rounds.map(value))
}

/** Returns the maximum of the rounds. */
export function worst({ rounds }: FanoutResult, value: (round: Measurement) => number): number {
  return Math.max(...rounds.map(value))
}

/** Ratio of CPU times of two servers: the median of the ratios within a round; NaN where one is missing. */
export function cpuRatio(one: FanoutResult | undefined, other: FanoutResult | undefined): number {
  const others = other?.rounds ?? []
  const ratios = (one?.rounds ?? []).map((m, round) => m.cpuShare / (others[round]?.cpuShare ?? Number.NaN))
  return median(ratios)
}
