/**
 * Listeners that need a permission: 10,000 connect at once with users and passwords, and with a URL that takes 50 ms, while 100 others
 * listen; and a client that guesses 1,000 passwords per second.
 * `node dist/bench/access.js [--listeners 10000] [--seconds 20]`
 * It exits with 1 when a listener was refused or disconnected, or a frame was lost or not whole.
 */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { hashSync } from 'bcryptjs'
import { type Aim, atMost } from './aims.ts'
import { benchFolder } from './bench-folder.ts'
import { type Child, exitOnSignals, startScript } from './child.ts'
import { inReport } from './faults.ts'
import { guess, logIn } from './guesses.ts'
import { startLoad } from './load.ts'
import { cpuMicroseconds } from './process-usage.ts'
import { type Server, startStation } from './servers.ts'
import { aimTable } from './tables.ts'

const { values: flags } = parseArgs({
  options: { listeners: { type: 'string', default: '10000' }, seconds: { type: 'string', default: '20' } },
})
const LISTENERS = Number(flags.listeners)
const RESIDENTS = 100
/** Accounts of all listeners, and the cost of their hashes: the usual one takes some 60 ms to compare. */
const ACCOUNTS = 50
const COST = 10
const PASSWORD = 'hackme'
const CALLBACK_MS = 50
/** Connections per second. */
const RATE = 10_000
const GUESSES_PER_S = 1_000
const WARM_UP_S = 5

/** What a measurement has found. */
interface Measured {
  readonly aims: readonly Aim[]
  readonly faults: readonly string[]
}

/** Users whose names are `user` and a number, as the listeners of the benches count. */
function usersFile(): string {
  const file = join(benchFolder('access'), 'users')
  const lines = Array.from({ length: ACCOUNTS }, (_, i) => `user${i}:${hashSync(PASSWORD, COST)}`)
  writeFileSync(file, `${lines.join('\n')}\n`)
  return file
}

/** Measures how listeners get in while others listen. */
async function measureArrival(name: string, server: Server): Promise<Measured> {
  const place = { ...server, path: `/?pass=${PASSWORD}&user=user`, streams: ACCOUNTS, order: 'in-turns' } as const
  const [residents, crowd] = [await startLoad(place, 'frames'), await startLoad(place, 'frames')]
  try {
    await residents.open(RESIDENTS)
    await sleep(1000)
    residents.restart()
    const started = performance.now()
    await crowd.open(LISTENERS, RATE)
    const seconds = (performance.now() - started) / 1000
    const reports = [await residents.report(), await crowd.report()] as const
    return {
      aims: [
        atMost(`${name}: ${LISTENERS} on the air`, seconds, 10, 's'),
        atMost(`${name}: longest gap of ${RESIDENTS} others`, reports[0].longestGapMs, 1000, 'ms'),
      ],
      faults: reports.flatMap((report) => inReport(name, report)),
    }
  } finally {
    await crowd.stop()
    await residents.stop()
    await server.process.stop()
  }
}

/** Returns the CPU time of a process during a task, as a part of one core. */
async function cpuShareOf({ pid }: Pick<Child, 'pid'>, task: () => Promise<unknown>): Promise<number> {
  const [cpuUs, started] = [cpuMicroseconds(pid), performance.now()]
  await task()
  return (cpuMicroseconds(pid) - cpuUs) / 1000 / (performance.now() - started)
}

/** Returns the CPU time that the least of a server takes for the same connections, as a part of one core. */
async function closingShare(): Promise<number> {
  const server = startScript('./closing-server.js', [])
  const [, port = ''] = await server.line(/http:\S+:(\d+)/)
  await guess(Number(port), GUESSES_PER_S, WARM_UP_S)
  const share = await cpuShareOf(server, () => guess(Number(port), GUESSES_PER_S, Number(flags.seconds)))
  await server.stop()
  return share
}

/** Measures what guesses cost, and how long others wait for their login meanwhile. */
async function measureGuesses(server: Server): Promise<Measured> {
  await guess(server.port, GUESSES_PER_S, WARM_UP_S)
  const alone = await cpuShareOf(server.process, () => sleep(WARM_UP_S * 1000))
  const guessed = await cpuShareOf(server.process, () => guess(server.port, GUESSES_PER_S, Number(flags.seconds)))
  const floor = await closingShare()
  const guessing = guess(server.port, GUESSES_PER_S, WARM_UP_S)
  const logins = [await logIn(server.port, 'user1', PASSWORD), await logIn(server.port, 'user2', PASSWORD)]
  await guessing
  await server.process.stop()
  return {
    aims: [
      atMost(`${GUESSES_PER_S} guesses per second: CPU`, (guessed - alone) * 100, 5, '% of a core'),
      // Node.js itself may take more than that.
      atMost(`${GUESSES_PER_S} guesses per second: CPU of a server that closes`, floor * 100, 5, '% of a core'),
      atMost('login of others meanwhile', Math.max(...logins.map((ms) => ms ?? Number.NaN)), 1000, 'ms'),
    ],
    faults: logins.includes(undefined) ? ['a login was refused while another client guessed'] : [],
  }
}

exitOnSignals()
const users = usersFile()
const callback = startScript('./slow-callback.js', [String(CALLBACK_MS)])
const [url = ''] = await callback.line(/http:\S+/)
const measured = [
  await measureArrival('listen-users', await startStation(['-listen-users', users])),
  await measureArrival('listen-url', await startStation(['-listen-url', url])),
  await measureGuesses(await startStation(['-listen-users', users])),
]
await callback.stop()
console.log(aimTable(measured.flatMap(({ aims }) => aims)))
const faults = measured.flatMap((one) => one.faults)
for (const fault of faults) console.log(`fault: ${fault}`)
process.exit(faults.length === 0 ? 0 : 1)
