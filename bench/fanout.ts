/**
 * What a listener costs: streamserve beside two floors, servers that do nothing but write, in turns.
 * `node dist/bench/fanout.js [--listeners 1000] [--seconds 10] [--rounds 5] [--only NAME]... [--json]`
 * It ends with 1 when a listener missed a frame, or got one that was not whole.
 */

import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { exitOnSignals } from './child.ts'
import { type Measurement, measure } from './measure.ts'
import { compileFloor, type StartServer, startFloor, startStreamserve } from './servers.ts'
import { median } from './statistics.ts'

const { values: flags } = parseArgs({
  options: {
    listeners: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
  },
})

/** So many listeners look at each frame: enough to see a fault that strikes one in twenty, too few to slow the others. */
const CHECKED = 50

const listeners = Number(flags.listeners)
const plan = { listeners, checked: Math.min(CHECKED, listeners), seconds: Number(flags.seconds) }

/** The measurements of one server, one for each round. */
type Results = Map<string, Measurement[]>

async function serversToMeasure(): Promise<[name: string, start: StartServer][]> {
  const floorInC = await compileFloor()
  const all: [string, StartServer | undefined][] = [
    ['streamserve', startStreamserve],
    ['floor (Node)', startFloor],
    ['floor (C)', floorInC],
  ]
  return all.flatMap(([name, start]) => {
    const wanted = flags.only === undefined || flags.only.includes(name)
    return wanted && start !== undefined ? [[name, start]] : []
  })
}

/** The order alternates, so that what warms up or wears off during the run favours none. */
async function measureAll(servers: [string, StartServer][]): Promise<Results> {
  const results: Results = new Map(servers.map(([name]) => [name, []]))
  for (let round = 1; round <= Number(flags.rounds); round++) {
    for (const [name, start] of round % 2 ? servers : servers.toReversed()) {
      const measurement = await measure(start, plan)
      results.get(name)?.push(measurement)
      say(row(`${round}  ${name}`, measurement))
    }
  }
  return results
}

const COLUMNS = [
  'µs/l·s',
  'kB/l',
  'held kB/l',
  'idle kB',
  'gap ms',
  'least %',
  'frames',
  'lost',
  'corrupt',
  'ended',
  'load %',
]

function row(title: string, m: Measurement): string {
  const costs = [m.cpuUs, m.memoryKb, m.heldKb].map((value) => value.toFixed(1))
  const rounded = [m.idleKb, m.longestGapMs].map((value) => value.toFixed(0))
  const counts = [m.frames, m.lost, m.corrupt, m.ended].map(String)
  return line(title, [...costs, ...rounded, percent(m.leastShare), ...counts, percent(m.loadShare)])
}

function line(title: string, cells: string[]): string {
  return title.padEnd(16) + cells.map((cell) => cell.padStart(10)).join('')
}

function percent(part: number): string {
  return (part * 100).toFixed(1)
}

/** How many times the cost of another server, from the runs of the same round. */
function ratio(results: Results, name: string, other: string): number {
  const others = results.get(other) ?? []
  return median((results.get(name) ?? []).map((m, round) => m.cpuUs / (others[round]?.cpuUs ?? Number.NaN)))
}

/** The medians of one server's rounds. */
interface Summary {
  readonly name: string
  readonly cpuUs: number
  readonly memoryKb: number
  readonly heldKb: number
  /** By the name of a server: how many times its CPU time this one takes. */
  readonly ratios: Record<string, number>
}

function summarise(results: Results): Summary[] {
  return [...results].map(([name, measurements]) => ({
    name,
    cpuUs: median(measurements.map((m) => m.cpuUs)),
    memoryKb: median(measurements.map((m) => m.memoryKb)),
    heldKb: median(measurements.map((m) => m.heldKb)),
    ratios: Object.fromEntries([...results.keys()].map((other) => [other, ratio(results, name, other)])),
  }))
}

function say(text: string): void {
  if (!flags.json) console.log(text)
}

exitOnSignals()
say(`Node ${process.version}, ${availableParallelism()} cores, ${listeners} listeners, ${plan.seconds} s a round`)
say(line('', COLUMNS))
const results = await measureAll(await serversToMeasure())
const medians = summarise(results)

say(`\n${line('median', COLUMNS.slice(0, 3))}  CPU in multiples of`)
for (const { name, cpuUs, memoryKb, heldKb, ratios } of medians) {
  const multiples = Object.entries(ratios).map(([other, times]) => `${other} ${times.toFixed(2)}`)
  say(
    `${line(
      name,
      [cpuUs, memoryKb, heldKb].map((value) => value.toFixed(1)),
    )}  ${multiples.join(', ')}`,
  )
}
if (flags.json) console.log(JSON.stringify({ plan, medians, measurements: Object.fromEntries(results) }, null, 2))

const faults = [...results.values()].flat().some((m) => m.lost + m.corrupt + m.ended > 0)
process.exit(faults ? 1 : 0)
