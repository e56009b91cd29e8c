/**
 * Cost of publishers: the CPU time of streamserve with many of them at once, each at a path of its own and without listeners,
 * beside that of Icecast; and the lead of one that sends 100 times as fast as real time, as a listener hears it.
 * `node dist/bench/publishers.js [--publishers 200] [--rounds 3] [--seconds 20]`
 * It exits with 1 when a publisher was refused or disconnected.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { atMost } from './aims.ts'
import { type Child, exitOnSignals, startScript } from './child.ts'
import { FRAME_BYTES, FRAME_MS } from './frames.ts'
import { icecastVersion, startEmptyIcecast } from './icecast.ts'
import { PASSWORD, publisherPath } from './icecast-config.ts'
import { cpuMicroseconds, memory } from './process-usage.ts'
import { type StartServer, startStreamserve, stationFile } from './servers.ts'
import { median } from './statistics.ts'
import { figure, table } from './table.ts'
import { aimTable } from './tables.ts'

const { values: flags } = parseArgs({
  options: {
    publishers: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '20' },
  },
})
const PUBLISHERS = Number(flags.publishers)
const ROUNDS = Number(flags.rounds)
const SECONDS = Number(flags.seconds)
const SETTLE_MS = 4000
/** Speed of the fast publisher, as a multiple of real time. */
const FAST = 100
/**
 * Maximum lead that a listener may notice, in seconds: 10 s, those of the bytes that are read at a time, and the tick by which its
 * first bytes are late.
 */
const MAX_LEAD_SECONDS = 10.8

interface Published {
  /** CPU time of the server, as a part of one core. */
  readonly cpuShare: number
  /** CPU time of the process with the publishers, likewise. */
  readonly loadShare: number
  /** Total memory of the server (PSS), in MB. */
  readonly memoryMb: number
  /** Publishers that were disconnected. */
  readonly lost: number
  /** Bytes that the server had not read. */
  readonly waiting: number
}

const startOurs: StartServer = () => startStreamserve(['-publish', '-publish-password', PASSWORD])

/** Starts a server, measures it with all publishers, and stops it. */
async function measurePublishers(start: StartServer): Promise<Published> {
  const server = await start()
  const load = startScript('./publisher-load.js', [server.port, PUBLISHERS, 1].map(String))
  try {
    await load.line(/^publishing$/)
    await sleep(SETTLE_MS)
    const before = readings(server.process, load)
    await sleep(SECONDS * 1000)
    const after = readings(server.process, load)
    const share = (name: 'serverUs' | 'loadUs') => (after[name] - before[name]) / 1000 / (after.atMs - before.atMs)
    const memoryMb = memory(server.process.pid).pssKb / 1024
    return { cpuShare: share('serverUs'), loadShare: share('loadUs'), memoryMb, ...(await reportOf(load)) }
  } finally {
    await load.stop()
    await server.process.stop()
  }
}

function readings(server: Child, load: Child): { atMs: number; serverUs: number; loadUs: number } {
  return { atMs: performance.now(), serverUs: cpuMicroseconds(server.pid), loadUs: cpuMicroseconds(load.pid) }
}

async function reportOf(load: Child): Promise<{ lost: number; waiting: number }> {
  const answer = load.line(/^connected=(\d+) waiting=(\d+)$/)
  process.kill(load.pid, 'SIGUSR2')
  const [, connected, waiting] = await answer
  return { lost: PUBLISHERS - Number(connected), waiting: Number(waiting) }
}

/** Returns the longest lead of a fast publisher's sound over real time, as a listener receives it, in seconds. */
async function leadOfFast(): Promise<number> {
  const file = stationFile([], [['publish', `publish-password ${PASSWORD}`]])
  const server = await startStreamserve(['-config', file])
  const answer = fetch(`http://127.0.0.1:${server.port}${publisherPath(0)}`)
  const load = startScript('./publisher-load.js', [server.port, 1, FAST].map(String))
  try {
    const { body } = await answer
    const startedMs = performance.now()
    let [bytes, lead] = [0, 0]
    for await (const chunk of body ?? []) {
      bytes += chunk.length
      const elapsed = (performance.now() - startedMs) / 1000
      lead = Math.max(lead, ((bytes / FRAME_BYTES) * FRAME_MS) / 1000 - elapsed)
      if (elapsed > SECONDS) break
    }
    return lead
  } finally {
    await load.stop()
    await server.process.stop()
  }
}

function row(name: string, rounds: readonly Published[]): string[] {
  const usual = (value: (one: Published) => number, digits = 0) => figure(median(rounds.map(value)), digits)
  return [
    name,
    usual((one) => one.cpuShare * 100, 1),
    usual((one) => (one.cpuShare * 1e6) / PUBLISHERS, 0),
    usual((one) => one.loadShare * 100, 1),
    usual((one) => one.memoryMb),
    usual((one) => one.waiting / 1024),
    figure(Math.max(...rounds.map((one) => one.lost))),
  ]
}

exitOnSignals()
const hasIcecast = (await icecastVersion()) !== undefined
if (!hasIcecast) console.log('skipped: Icecast: it is not installed: apt install icecast2')
const ours: Published[] = []
const icecasts: Published[] = []
for (let round = 1; round <= ROUNDS; round++) {
  console.error(`${PUBLISHERS} publishers, round ${round} of ${ROUNDS}`)
  ours.push(await measurePublishers(startOurs))
  if (hasIcecast) icecasts.push(await measurePublishers(startEmptyIcecast))
}
console.error(`a publisher at ${FAST} times real time`)
const lead = await leadOfFast()

const titles = [`${PUBLISHERS} publishers`, 'CPU %', 'µs/p·s', 'load %', 'MB', 'waiting kB', 'lost']
const rows = [row('streamserve', ours)]
if (hasIcecast) rows.push(row('Icecast', icecasts))
console.log(table(titles, rows))
const cores = median(ours.map(({ cpuShare }) => cpuShare))
const ratio = median(ours.map(({ cpuShare }, round) => cpuShare / (icecasts[round]?.cpuShare ?? Number.NaN)))
console.log(`\nCPU of streamserve: ${figure(ratio, 2)} times Icecast's, median of the ratios within a round`)
console.log(
  aimTable([
    atMost(`CPU of ${PUBLISHERS} publishers`, cores, 1, 'cores'),
    atMost(`lead of a publisher at ${FAST} times real time`, lead, MAX_LEAD_SECONDS, 's'),
  ]),
)
const lost = ours.reduce((sum, one) => sum + one.lost, 0)
if (lost > 0) console.log(`fault: ${lost} publishers were disconnected`)
process.exit(lost > 0 ? 1 : 0)
