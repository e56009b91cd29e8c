/**
 * Long-term stability of streamserve: 200 listeners connect and disconnect every second while 20 stay, for minutes.
 * `node dist/bench/soak.js [--minutes 10] [--visitors 200] [--residents 20]`
 * It exits with 1 when a frame was lost or not whole, a response ended, or descriptors stayed open.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { exitOnSignals } from './child.ts'
import { type LoadReport, startLoad } from './load.ts'
import { cpuMicroseconds, HEAP_PROBE, heldAfterCollection, memory, openDescriptors } from './process-usage.ts'
import { startStation } from './servers.ts'
import { slope } from './statistics.ts'

const { values: flags } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    visitors: { type: 'string', default: '200' },
    residents: { type: 'string', default: '20' },
  },
})

const SAMPLE_MS = 10_000
/** Time in which the server must notice that all listeners have disconnected. */
const SETTLE_MS = 2000
/** Variation of held memory between samples that is due to listeners connecting and disconnecting, in kB. */
const HELD_NOISE_KB = 512

interface Sample extends LoadReport {
  readonly minutes: number
  readonly pssKb: number
  readonly anonymousKb: number
  /** Heap without garbage; the other two values vary with the garbage. */
  readonly heldKb: number
  /** Without those of present listeners. */
  readonly descriptors: number
}

const COLUMNS = [
  'minutes',
  'PSS kB',
  'anon. kB',
  'held kB',
  'files',
  'listeners',
  'connected',
  'skipped',
  'corrupt',
  'ended',
  'CPU %',
]

function line(cells: readonly (string | number)[]): string {
  return cells.map((cell) => String(cell).padStart(10)).join('')
}

exitOnSignals()
const server = await startStation([], 'mp3', [HEAP_PROBE])
const { pid } = server.process
const load = await startLoad(server, 'frames')

/** Counts descriptors with the source running and no listeners. */
async function quietDescriptors(): Promise<number> {
  await sleep(SETTLE_MS)
  return openDescriptors(pid)
}

async function takeSamples(runMs: number): Promise<Sample[]> {
  const samples: Sample[] = []
  const startMs = performance.now()
  while (performance.now() < startMs + runMs) {
    const cpuBefore = cpuMicroseconds(pid)
    await sleep(SAMPLE_MS)
    const cpuPercent = (cpuMicroseconds(pid) - cpuBefore) / (SAMPLE_MS * 10)
    const sample = await takeSample((performance.now() - startMs) / 60_000)
    samples.push(sample)
    console.log(row(sample, cpuPercent))
  }
  return samples
}

async function takeSample(minutes: number): Promise<Sample> {
  const report = await load.report()
  const descriptors = openDescriptors(pid) - report.listeners - report.unanswered
  const { pssKb, anonymousKb } = memory(pid)
  const heldKb = await heldAfterCollection(server.process)
  return { ...report, minutes, pssKb, anonymousKb, heldKb, descriptors }
}

function row(sample: Sample, cpuPercent: number): string {
  const { pssKb, anonymousKb, heldKb, descriptors, listeners, connections, skipped, corrupt } = sample
  const counts = [pssKb, anonymousKb, heldKb, descriptors, listeners, connections, skipped, corrupt, lost(sample)]
  return line([sample.minutes.toFixed(1), ...counts, cpuPercent.toFixed(1)])
}

/** Listeners that the server disconnected, or that never received anything. */
function lost({ ended, refused }: LoadReport): number {
  return ended + refused
}

/** Growth of the heap over these samples, by a least-squares line, in kB. */
function growthKb(samples: readonly Sample[]): number {
  const span = (samples.at(-1)?.minutes ?? 0) - (samples[0]?.minutes ?? 0)
  return slope(samples.map((sample) => ({ x: sample.minutes, y: sample.heldKb }))) * span
}

async function run(): Promise<boolean> {
  console.log(`streamserve is process ${pid}; ${flags.visitors} listeners per second, ${flags.residents} that stay`)
  await load.open(1)
  await sleep(SETTLE_MS)
  await load.leave()
  const descriptorsBefore = await quietDescriptors()

  console.log(line(COLUMNS))
  await load.open(Number(flags.residents))
  load.visit(Number(flags.visitors))
  const samples = await takeSamples(Number(flags.minutes) * 60_000)
  await load.leave()
  const descriptorsAfter = await quietDescriptors()

  const grown = growthKb(samples.slice(Math.floor((samples.length - 1) / 2)))
  const report = await load.report()
  const { skipped, corrupt } = report
  console.log(`memory ${grown > HELD_NOISE_KB ? 'grew' : 'did not grow'}: ${grown.toFixed(0)} kB in the second half`)
  console.log(`open files: ${descriptorsBefore} before the first listener, ${descriptorsAfter} after the last`)
  console.log(`faults: ${skipped} frames skipped, ${corrupt} corrupt, ${lost(report)} responses ended`)
  return descriptorsAfter > descriptorsBefore || skipped + corrupt + lost(report) > 0
}

const faulty = await run()
await load.stop()
await server.process.stop()
process.exit(faulty ? 1 : 0)
