import { figure, table } from '../table.ts'
import type { SimulationResult } from './simulation.ts'

const MEGA = 1e6

/** Returns figures of a simulation as tables. */
export function reportOf(result: SimulationResult): string {
  const { plan, waits } = result
  const listeners = table(
    ['listeners that connect', 'number', 'p50 ms', 'p99 ms', 'longest ms'],
    waits.map(({ cause, kind, listeners: number, p50, p99, most }) => {
      return [`${cause}, ${kind}`, figure(number), figure(p50), figure(p99), figure(most)]
    }),
  )
  const totals = table(
    ['totals', ''],
    [
      ['listeners at the end', figure(result.served)],
      ['changes of the origin', figure(result.changes)],
      ['frames that came twice and were dropped', figure(result.duplicates)],
      ['frames that were missing and came', figure(result.refilled)],
      ['most attempts to connect to one edge, in 0.1 s', figure(result.attemptsPerTenth)],
      ['most traffic of one edge, Mbit/s', figure(result.bitsPerSecond / MEGA)],
      ['traffic of a hub server to edges, Mbit/s', figure(result.hubToClients / MEGA, 1)],
      ['to the other hub servers, Mbit/s', figure(result.hubToServers / MEGA, 1)],
    ],
  )
  const { seed, edges, streams } = plan
  return [`${plan.listeners} listeners, ${edges} edges, ${streams} streams, seed ${seed}`, listeners, totals].join('\n')
}
