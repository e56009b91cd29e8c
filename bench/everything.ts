/**
 * CPU of a fan-out with a recorder and HLS, and with all limits, log, hooks and metrics, beside that without them.
 * `node dist/bench/everything.js [--listeners 10000] [--rounds 5] [--seconds 10]`
 * It exits with 1 when a frame was lost or not whole, or a listener was refused or disconnected.
 */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { atMost } from './aims.ts'
import { benchFolder } from './bench-folder.ts'
import { exitOnSignals } from './child.ts'
import type { Contender } from './contenders.ts'
import { cpuRatio, measureFanout, memoryOf } from './fanout.ts'
import { inReport } from './faults.ts'
import { withHlsClient } from './hls-client.ts'
import { type Server, startStation } from './servers.ts'
import { table } from './table.ts'
import { aimTable, COST_COLUMNS, costRow } from './tables.ts'

const { values: flags } = parseArgs({
  options: {
    listeners: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '10' },
  },
})
const LISTENERS = Number(flags.listeners)
const SETTLE_MS = 4000
/** Connections per second. */
const RATE = 5000
const SCRAPE_EVERY_MS = 5000
/** More than there are, so that each is checked and none is refused. */
const ENOUGH = String(LISTENERS + 1000)

/** A recorder with a new file each minute, and HLS with a client that requests each segment. */
async function startRecorded(): Promise<Server> {
  const record = join(benchFolder('recordings'), '%F-%H%M.mp3')
  const server = await startStation(['-hls', ...pairs({ record, 'hls-segment': '2s' })])
  return withHlsClient(server)
}

/** Everything else that may cost a listener something; listeners of all kinds of addresses are one address here. */
async function startWithEverything(): Promise<Server> {
  const folder = benchFolder('everything')
  const ban = join(folder, 'ban')
  writeFileSync(ban, '192.0.2.0/24\n2001:db8::/32\n')
  const limits = ['max-listeners', 'max-listeners-per-address', 'max-connections', 'max-connections-per-address']
  const server = await startStation([
    ...pairs(Object.fromEntries(limits.map((name) => [name, ENOUGH]))),
    ...pairs({ ban, 'access-log': join(folder, 'access.log'), metrics: 'local' }),
    ...pairs({ 'on-title': 'true', 'on-source-up': 'true', 'on-source-down': 'true' }),
  ])
  // The first one loads what writes the metrics.
  await scrape(server)
  const scraping = setInterval(() => void scrape(server), SCRAPE_EVERY_MS)
  const stop = () => {
    clearInterval(scraping)
    return server.process.stop()
  }
  return { ...server, process: { ...server.process, stop } }
}

function pairs(options: Readonly<Record<string, string>>): string[] {
  return Object.entries(options).flatMap(([name, value]) => [`-${name}`, value])
}

async function scrape({ port }: Server): Promise<void> {
  await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
}

const CONTENDERS: readonly Contender[] = [
  { name: 'without', start: () => startStation([]), content: 'frames', rate: RATE },
  { name: 'with recorder and HLS', start: startRecorded, content: 'frames', rate: RATE },
  { name: 'with everything', start: startWithEverything, content: 'frames', rate: RATE },
]

exitOnSignals()
const results = await measureFanout(
  CONTENDERS,
  { listeners: LISTENERS, rounds: Number(flags.rounds) },
  { seconds: Number(flags.seconds), settleMs: SETTLE_MS },
  (text) => console.error(text),
)
console.log(table([`${LISTENERS} listeners`, ...COST_COLUMNS], results.map(costRow)))
const [without, recorded, withAll] = results
console.log(
  aimTable([
    atMost('CPU with recorder and HLS', cpuRatio(recorded, without), 1.03, 'of that without'),
    atMost('memory of recorder and HLS', memoryOf(recorded) - memoryOf(without), 10, 'MB'),
    atMost('CPU with everything', cpuRatio(withAll, without), 1.05, 'of that without'),
  ]),
)
const faults = results.flatMap(({ server, rounds }) => rounds.flatMap((round) => inReport(server, round)))
for (const fault of faults) console.log(`fault: ${fault}`)
process.exit(faults.length === 0 ? 0 : 1)
