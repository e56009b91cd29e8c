/**
 * Cost of listeners that go back: each of them at another place of an hour of MP3, beside as many at the head of the same program; and
 * of listeners at the head of a program whose ring has an hour, beside one without `-rewind`.
 * `node dist/bench/rewind.js [--listeners 1000] [--seconds 60] [--rounds 3] [--unused 10]`
 * It exits with 1 when a frame was lost or not whole, a listener was refused or disconnected, or an aim was missed.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { atMost, isMet } from './aims.ts'
import { exitOnSignals } from './child.ts'
import { inReport } from './faults.ts'
import { FRAME_MS } from './frames.ts'
import { POLL_INTERVAL_MS, startLoad } from './load.ts'
import { type Measurement, measure, measureWindow, type Plan } from './measure.ts'
import { memory } from './process-usage.ts'
import { type Server, startStreamserve } from './servers.ts'
import { median } from './statistics.ts'
import { figure, table } from './table.ts'
import { aimTable } from './tables.ts'

const { values: flags } = parseArgs({
  options: {
    listeners: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '60' },
    rounds: { type: 'string', default: '3' },
    unused: { type: 'string', default: '10' },
  },
})
const ROUNDS = Number(flags.rounds)
const PLAN: Plan = {
  listeners: Number(flags.listeners),
  seconds: Number(flags.seconds),
  settleMs: 4000,
  content: 'frames',
  pollIntervalMs: POLL_INTERVAL_MS,
}
/** Frames of an hour. The ring holds more, so that listeners at the oldest are not lapped. */
const HOUR = 3_600_000 / FRAME_MS
const REACH = ['-rewind', '70m']
/** Place of a frame's number in it; see `frames.ts`. */
const NUMBER_AT = 40

/** Starts a program whose source has written an hour, and goes on in real time. */
async function startWithPast(rewind: readonly string[]): Promise<Server> {
  const feeder = [process.execPath, fileURLToPath(new URL('./past-feeder.js', import.meta.url)), String(HOUR)]
  const server = await startStreamserve([...rewind, '-frame-filter', 'mp3', '-warm', '-exec', ...feeder])
  while (!(await isAtHead(server))) await sleep(200)
  return server
}

/** Whether the newest frame is one behind the hour: a request for one that does not exist yet starts with the burst. */
async function isAtHead({ port }: Server): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/?burst=0`)
  const reader = answer.body?.getReader()
  const { value } = (await reader?.read()) ?? {}
  await reader?.cancel()
  return value !== undefined && Buffer.from(value).readUInt32BE(NUMBER_AT) >= HOUR
}

/** Listeners at places that are spread over the hour, and then as many at the head. */
async function inOneProgram(): Promise<{ behind: Measurement; head: Measurement; mostMb: number }> {
  const server = await startWithPast(REACH)
  try {
    const places = { port: server.port, path: '/?at=', streams: HOUR - PLAN.listeners, order: 'one-by-one' } as const
    const behind = await listening(server, places)
    const mostMb = memory(server.process.pid).pssKb / 1024
    const head = await listening(server, server)
    return { behind, head, mostMb }
  } finally {
    await server.process.stop()
  }
}

async function listening(server: Server, place: Parameters<typeof startLoad>[0]): Promise<Measurement> {
  const load = await startLoad(place, PLAN.content)
  try {
    load.poll(POLL_INTERVAL_MS)
    await load.open(PLAN.listeners)
    await sleep(PLAN.settleMs)
    return await measureWindow(server, load, PLAN, 0)
  } finally {
    await load.stop()
  }
}

/** Listeners at the head of a program with an hour that none of them uses, beside those of one without. */
async function whenUnused(): Promise<[plain: Measurement, rewinding: Measurement][]> {
  const plan = { ...PLAN, seconds: Number(flags.unused) }
  const pairs: [Measurement, Measurement][] = []
  for (let round = 1; round <= ROUNDS; round++) {
    console.error(`at the head, without and with an hour, round ${round} of ${ROUNDS}`)
    pairs.push([await measure(() => startWithPast([]), plan), await measure(() => startWithPast(REACH), plan)])
  }
  return pairs
}

function rowOf(name: string, one: Measurement): string[] {
  const speed = (one.frames * FRAME_MS) / 1000 / one.listeners / one.seconds
  const { cpuUsPerListener, writesPerSecond, longestGapMs, memoryMb } = one
  return [
    name,
    figure(one.listeners),
    figure(cpuUsPerListener, 1),
    figure(writesPerSecond, 2),
    figure(speed, 3),
    figure(longestGapMs),
    figure(memoryMb),
  ]
}

const TITLES = ['listeners', 'count', 'µs/l·s', 'writes/l·s', 'speed', 'gap ms', 'MB']

exitOnSignals()
console.error(`${PLAN.listeners} listeners behind the head, and at it, ${PLAN.seconds} s each`)
const { behind, head, mostMb } = await inOneProgram()
const pairs = await whenUnused()
const [without, unused] = pairs.at(-1) ?? []
const rows = [rowOf('behind', behind), rowOf('at the head', head)]
if (without !== undefined) rows.push(rowOf('without -rewind', without))
if (unused !== undefined) rows.push(rowOf('with an hour, unused', unused))
const aims = [
  atMost('CPU of a listener behind the head', behind.cpuUsPerListener / head.cpuUsPerListener, 2, 'at the head'),
  atMost('longest gap', behind.longestGapMs, 1000, 'ms'),
  atMost('memory', mostMb, 256, 'MB'),
  atMost(
    'CPU at the head with an hour that is not used',
    median(pairs.map(([one, other]) => other.cpuUsPerListener / one.cpuUsPerListener)),
    1.05,
    'without',
  ),
]
console.log(table(TITLES, rows))
console.log(aimTable(aims))
const faults = [
  ...inReport('behind', behind),
  ...inReport('at the head', head),
  ...pairs.flat().flatMap((one) => inReport('at the head', one)),
]
for (const fault of faults) console.error(fault)
process.exitCode = faults.length > 0 || !aims.every(isMet) ? 1 : 0
