/**
 * CPU and memory of HLS beside listeners of a fan-out: not enabled, enabled and not requested, and requested as by a cache in front
 * of it.
 * `node dist/bench/hls.js [--listeners 10000] [--rounds 5] [--seconds 10] [--settle 4] [--segment 6s]`
 * Its memory is complete when the server has run for 22 segments: `--rounds 1 --settle 140`.
 * It exits with 1 when a frame was lost or not whole, or a listener was refused or disconnected.
 */

import { parseArgs } from 'node:util'
import { atMost } from './aims.ts'
import { exitOnSignals } from './child.ts'
import type { Contender } from './contenders.ts'
import { cpuRatio, measureFanout, memoryOf } from './fanout.ts'
import { inReport } from './faults.ts'
import { withHlsClient } from './hls-client.ts'
import { startStation } from './servers.ts'
import { table } from './table.ts'
import { aimTable, COST_COLUMNS, costRow } from './tables.ts'

const { values: flags } = parseArgs({
  options: {
    listeners: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '10' },
    settle: { type: 'string', default: '4' },
    segment: { type: 'string', default: '6s' },
  },
})
const LISTENERS = Number(flags.listeners)
/** Connections per second. */
const RATE = 5000
const MS = 1000
const HLS = ['-hls', '-hls-segment', flags.segment]

const CONTENDERS: readonly Contender[] = [
  { name: 'without', start: () => startStation([]), content: 'frames', rate: RATE },
  { name: 'with HLS', start: () => startStation(HLS), content: 'frames', rate: RATE },
  { name: 'HLS requested', start: async () => withHlsClient(await startStation(HLS)), content: 'frames', rate: RATE },
]

exitOnSignals()
const results = await measureFanout(
  CONTENDERS,
  { listeners: LISTENERS, rounds: Number(flags.rounds) },
  { seconds: Number(flags.seconds), settleMs: Number(flags.settle) * MS },
  (text) => console.error(text),
)
console.log(table([`${LISTENERS} listeners`, ...COST_COLUMNS], results.map(costRow)))
const [without, enabled, requested] = results
console.log(
  aimTable([
    atMost('CPU with HLS', cpuRatio(enabled, without), 1.03, 'of that without'),
    atMost('CPU with HLS that is requested', cpuRatio(requested, without), 1.03, 'of that without'),
    atMost('memory of HLS', memoryOf(enabled) - memoryOf(without), 10, 'MB'),
    atMost('memory of HLS that is requested', memoryOf(requested) - memoryOf(without), 10, 'MB'),
  ]),
)
const faults = results.flatMap(({ server, rounds }) => rounds.flatMap((round) => inReport(server, round)))
for (const fault of faults) console.log(`fault: ${fault}`)
process.exit(faults.length === 0 ? 0 : 1)
