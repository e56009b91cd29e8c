/** What a start costs, beside that of Node itself: the version, and the demo until it listens. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { benchFolder } from '../bench-folder.ts'
import { cpuMicroseconds, peakMemoryKb } from '../process-usage.ts'
import { median } from '../statistics.ts'
import { figure } from '../table.ts'
import type { Figures } from './figures.ts'

interface Reading {
  /** Until it listens, or until its end, in milliseconds. */
  readonly ms: number
  /** CPU time until then, in milliseconds. */
  readonly cpuMs: number
  /** Most resident memory until then, in MB. */
  readonly mb: number
}

interface Aim {
  readonly name: string
  readonly read: (env: NodeJS.ProcessEnv) => Promise<Reading>
  /** Maximum time and memory, as multiples of those of Node without a program. */
  readonly time?: number
  readonly memory?: number
}

const ROUNDS = 7
const MAIN = fileURLToPath(new URL('../../program/main.js', import.meta.url))
/** The demo, with what bin/streamserve of a package sets. */
const DEMO = ['--max-semi-space-size=1', MAIN, '-demo', '-address', '127.0.0.1:0']
const AIMS: readonly Aim[] = [
  { name: 'node -e 0', read: (env) => untilEnd(['-e', '0'], env) },
  { name: '-version', read: (env) => untilEnd([MAIN, '-version'], env), time: 1.5, memory: 1.25 },
  { name: '-demo listens', read: (env) => untilListening(DEMO, env), time: 2.5 },
]

/**
 * Measures one start of each program per round, so that other work on the machine disturbs all of them equally.
 * @param note receives a line of progress before each round
 */
export async function runStart(note: (text: string) => void): Promise<Figures> {
  const env = { ...process.env, CACHE_DIRECTORY: benchFolder('cache') }
  const readings = AIMS.map((): Reading[] => [])
  // The first round fills the cache of compiled code, where Node has one.
  for (let round = 0; round <= ROUNDS; round++) {
    note(`start, round ${round} of ${ROUNDS}`)
    for (const [i, { read }] of AIMS.entries()) {
      const reading = await read(env)
      if (round > 0) readings[i]?.push(reading)
    }
  }
  return figuresOf(readings.map(mediansOf))
}

async function untilEnd(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Reading> {
  const began = performance.now()
  // It prints the resources of its child: seconds in user and system mode, and kB.
  const { stderr } = await execa('/usr/bin/time', ['-f', '%U %S %M', process.execPath, ...args], { env })
  const ms = performance.now() - began
  const [user = 0, system = 0, kb = 0] = stderr.split(' ').map(Number)
  return { ms, cpuMs: (user + system) * 1000, mb: kb / 1024 }
}

async function untilListening(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Reading> {
  const began = performance.now()
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const closed = once(child, 'close')
  const pid = child.pid ?? 0
  for await (const line of createInterface({ input: child.stdout })) if (line.includes('listening')) break
  const ms = performance.now() - began
  const reading = { ms, cpuMs: cpuMicroseconds(pid) / 1000, mb: peakMemoryKb(pid) / 1024 }
  child.stdout.resume()
  child.kill()
  await closed
  return reading
}

function mediansOf(readings: readonly Reading[]): Reading {
  const of = (name: keyof Reading) => median(readings.map((reading) => reading[name]))
  return { ms: of('ms'), cpuMs: of('cpuMs'), mb: of('mb') }
}

function figuresOf(medians: readonly Reading[]): Figures {
  const [bare] = medians
  const results = AIMS.map((aim, i) => {
    const reading = medians[i] ?? { ms: Number.NaN, cpuMs: Number.NaN, mb: Number.NaN }
    return { aim, reading, time: reading.ms / (bare?.ms ?? 0), memory: reading.mb / (bare?.mb ?? 0) }
  })
  const missed: string[] = []
  for (const { aim, time, memory } of results) {
    if (time > (aim.time ?? Number.POSITIVE_INFINITY)) missed.push(`${aim.name}: ${figure(time, 2)} x the time`)
    if (memory > (aim.memory ?? Number.POSITIVE_INFINITY)) missed.push(`${aim.name}: ${figure(memory, 2)} x the memory`)
  }
  return {
    titles: ['start', 'ms', 'CPU ms', 'MB', 'time', 'memory'],
    rows: results.map(({ aim, reading: { ms, cpuMs, mb }, time, memory }) => [
      aim.name,
      figure(ms),
      figure(cpuMs),
      figure(mb, 1),
      figure(time, 2),
      figure(memory, 2),
    ]),
    missed,
  }
}
