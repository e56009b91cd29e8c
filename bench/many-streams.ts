/**
 * Cost of many streams in one program: the CPU time of listeners of many streams beside as many of one, the memory of a stream
 * without source and listeners, and the time until many streams listen.
 * `node dist/bench/many-streams.js [--streams 100] [--listeners 10000] [--rounds 3] [--seconds 5] [--idle 1000]`
 * It exits with 1 when a frame was lost or not whole, or a listener was refused or disconnected.
 */

import { parseArgs } from 'node:util'
import { atMost } from './aims.ts'
import { exitOnSignals } from './child.ts'
import { inReport } from './faults.ts'
import { startFed } from './fed-streams.ts'
import { type Idle, measureIdle } from './idle-streams.ts'
import { POLL_INTERVAL_MS } from './load.ts'
import { type Measurement, measure, type Plan } from './measure.ts'
import { median } from './statistics.ts'
import { figure, table } from './table.ts'
import { aimTable } from './tables.ts'

const { values: flags } = parseArgs({
  options: {
    streams: { type: 'string', default: '100' },
    listeners: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    idle: { type: 'string', default: '1000' },
  },
})
const STREAMS = Number(flags.streams)
const ROUNDS = Number(flags.rounds)
const IDLE = Number(flags.idle)
const PLAN: Plan = {
  listeners: Number(flags.listeners),
  seconds: Number(flags.seconds),
  settleMs: 4000,
  content: 'frames',
  pollIntervalMs: POLL_INTERVAL_MS,
}
/** Contenders with as many listeners; at this number each of them ticks twice a second. */
const CONTENDERS = [
  ['1 stream', () => startFed(1, 'one-by-one')],
  [`${STREAMS} streams`, () => startFed(STREAMS, 'one-by-one')],
  [`${STREAMS} streams, in turns`, () => startFed(STREAMS, 'in-turns')],
] as const

/** Measures each contender once a round. @returns the rounds of each, in the order of `CONTENDERS` */
async function fanout(): Promise<Measurement[][]> {
  const results: Measurement[][] = CONTENDERS.map(() => [])
  for (let round = 1; round <= ROUNDS; round++) {
    const turns = [...CONTENDERS.entries()]
    for (const [i, [name, start]] of round % 2 ? turns : turns.toReversed()) {
      console.error(`${PLAN.listeners} listeners, round ${round} of ${ROUNDS}: ${name}`)
      results[i]?.push(await measure(start, PLAN))
    }
  }
  return results
}

/** Numbers of idle streams; the memory of one is the difference of the last two. */
const IDLE_COUNTS = [1, IDLE, 2 * IDLE]

/** Measures programs of all sizes once a round. @returns the rounds of each, in the order of `IDLE_COUNTS` */
async function idlePrograms(): Promise<Idle[][]> {
  const results: Idle[][] = IDLE_COUNTS.map(() => [])
  for (let round = 1; round <= ROUNDS; round++) {
    console.error(`idle streams, round ${round} of ${ROUNDS}`)
    for (const [i, count] of IDLE_COUNTS.entries()) results[i]?.push(await measureIdle(count))
  }
  return results
}

function fanoutRow(name: string, measured: readonly Measurement[]): string[] {
  const usual = (value: (m: Measurement) => number, digits = 0) => figure(median(measured.map(value)), digits)
  return [
    name,
    usual((m) => m.cpuUsPerListener, 1),
    usual((m) => m.cpuShare * 100, 1),
    usual((m) => m.memoryMb),
    usual((m) => m.writesPerSecond, 1),
    usual((m) => m.delayMs.p99),
    figure(Math.max(...measured.map((m) => m.longestGapMs))),
  ]
}

function idleRow(name: string, programs: readonly Idle[]): string[] {
  const usual = (value: (one: Idle) => number, digits = 0) => figure(median(programs.map(value)), digits)
  return [name, usual((one) => one.heldKb), usual((one) => one.anonymousKb), usual((one) => one.startSeconds, 2)]
}

/** Median of the ratios within a round. */
function ratio(measured: readonly Measurement[] = [], reference: readonly Measurement[] = []): number {
  return median(measured.map((m, round) => m.cpuShare / (reference[round]?.cpuShare ?? Number.NaN)))
}

/** Memory of one stream: the median of the differences within a round. */
function perStream([, half = [], full = []]: readonly Idle[][], value: (idle: Idle) => number): number {
  const differences = full.map((program, round) => value(program) - (half[round] ? value(half[round]) : Number.NaN))
  return median(differences) / IDLE
}

exitOnSignals()
const measured = await fanout()
const idle = await idlePrograms()
const titles = [`${PLAN.listeners} listeners`, 'µs/l·s', 'CPU %', 'MB', 'writes/l·s', 'p99 ms', 'gap ms']
console.log(
  table(
    titles,
    CONTENDERS.map(([name], i) => fanoutRow(name, measured[i] ?? [])),
  ),
)
const idleTitles = ['idle streams', 'held kB', 'anon. kB', 'start s']
console.log(
  table(
    idleTitles,
    IDLE_COUNTS.map((count, i) => idleRow(`${count}`, idle[i] ?? [])),
  ),
)
const [one, many, mixed] = measured
const starts = idle[1]?.map((program) => program.startSeconds) ?? []
console.log(
  aimTable([
    atMost(`CPU of ${STREAMS} streams`, ratio(many, one), 1.15, 'of 1 stream'),
    atMost('CPU of the same, in turns', ratio(mixed, one), 1.15, 'of 1 stream'),
    atMost(
      'heap of an idle stream',
      perStream(idle, (program) => program.heldKb),
      30,
      'kB',
    ),
    atMost(
      'memory of an idle stream',
      perStream(idle, (program) => program.anonymousKb),
      30,
      'kB',
    ),
    atMost(`time until ${IDLE} streams listen`, median(starts), 2, 's'),
  ]),
)
const faults = measured.flatMap((rounds, i) => rounds.flatMap((m) => inReport(CONTENDERS[i]?.[0] ?? '', m)))
for (const fault of faults) console.log(`fault: ${fault}`)
process.exit(faults.length > 0 ? 1 : 0)
