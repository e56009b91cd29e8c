/** Faults that must never happen, however slow the machine. Those of other servers are shown, but not counted. */

import type { BenchResult } from './bench.ts'
import { AT_TICK, BY_DEFAULT } from './contenders.ts'
import type { LoadReport } from './load.ts'

/** @returns a line for each kind of fault; empty when all is well. */
export function faultsOf({ fanout, stations, firehose, storms, stalled }: BenchResult): string[] {
  const ours = fanout.filter(({ server }) => server === BY_DEFAULT || server === AT_TICK)
  return [
    ...ours.flatMap(({ server, listeners, rounds }) =>
      rounds.flatMap((round) => inReport(`${server}, ${listeners} listeners`, round)),
    ),
    ...Object.values(stations).flatMap(({ plan, measured }) => inReport(`${plan.listeners} listeners`, measured)),
    ...firehose.flatMap(({ server, faults }) => counted(`firehose, ${server}`, { faults })),
    ...(storms === undefined ? [] : inStorms(storms)),
    ...(stalled === undefined ? [] : inReport('beside stalled listeners', stalled.good)),
  ]
}

export function inReport(where: string, { unanswered, refused, ended, skipped, corrupt, bytes }: LoadReport): string[] {
  return counted(where, { unanswered, refused, ended, skipped, corrupt, 'without bytes': Number(bytes === 0) })
}

function inStorms({ refused, ended, skipped, corrupt, filesLeft }: NonNullable<BenchResult['storms']>): string[] {
  return counted('storms', { refused, ended, skipped, corrupt, 'files left open': Math.max(0, filesLeft) })
}

function counted(where: string, counts: Readonly<Record<string, number>>): string[] {
  return Object.entries(counts).flatMap(([what, count]) => (count > 0 ? [`${where}: ${what} ${count}`] : []))
}
