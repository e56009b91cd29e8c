/** What a stream of MP3 at 128 kbit/s costs without load: no listener, and a few of them, beside Icecast. */

import { setTimeout as sleep } from 'node:timers/promises'
import { icecastVersion, startIcecast } from '../icecast.ts'
import { type Load, startLoad } from '../load.ts'
import { cpuMicroseconds } from '../process-usage.ts'
import { type Server, startStation } from '../servers.ts'
import { median } from '../statistics.ts'
import { figure } from '../table.ts'
import type { Figures } from './figures.ts'
import { contextSwitches, systemCalls } from './wake-ups.ts'

/** Number of listeners, and what they may cost. */
interface Size {
  readonly listeners: number
  /** Maximum CPU time, in percent of a core. */
  readonly percent?: number
  /** Maximum CPU time as a multiple of Icecast's. */
  readonly ratio?: number
  readonly switches?: number
  readonly calls?: number
}

/** Figures per second. */
interface Reading {
  readonly percent: number
  readonly switches: number
}

/** The source is open without listeners, as by `-warm`. */
const SIZES: readonly Size[] = [
  { listeners: 0, percent: 0.4, calls: 30 },
  { listeners: 1, percent: 0.4, switches: 15 },
  { listeners: 10, ratio: 1.5 },
  { listeners: 100, ratio: 1 },
]
const ROUNDS = 5
/** Until the program has compiled what it runs, in milliseconds. */
const WARM_UP_MS = 8_000
/** Until listeners have received their bursts, in milliseconds. */
const SETTLE_MS = 2_000
const WINDOW_MS = 8_000
const TRACED_SECONDS = 10

/** One of the servers, with its listeners. */
interface Contender {
  readonly server: Server
  readonly load: Load
}

/**
 * Measures both servers during the same seconds, so that other work on the machine disturbs both equally.
 * @param note receives a line of progress before each measurement
 */
export async function runRest(note: (text: string) => void): Promise<Figures> {
  if ((await icecastVersion()) === undefined) throw new Error('Icecast is not installed: apt install icecast2')
  const ours = await begin(await startStation([]), 'frames')
  const icecast = await begin(await startIcecast(), 'cut')
  try {
    await sleep(WARM_UP_MS)
    const readings = new Map<Size, [Reading, Reading][]>(SIZES.map((size) => [size, []]))
    const calls = new Map<Size, number | undefined>()
    for (let round = 1; round <= ROUNDS; round++) {
      for (const size of SIZES) {
        note(`rest, ${size.listeners} listeners, round ${round} of ${ROUNDS}`)
        await listenTo([ours, icecast], size.listeners)
        readings.get(size)?.push(await readBoth(ours, icecast))
        if (round === ROUNDS) calls.set(size, await callsOf(ours))
        await leave([ours, icecast])
      }
    }
    return figuresOf(readings, calls)
  } finally {
    for (const { load, server } of [ours, icecast]) {
      await load.stop()
      await server.process.stop()
    }
  }
}

async function begin(server: Server, content: 'frames' | 'cut'): Promise<Contender> {
  return { server, load: await startLoad(server, content) }
}

async function listenTo(contenders: readonly Contender[], listeners: number): Promise<void> {
  if (listeners > 0) for (const { load } of contenders) await load.open(listeners)
  await sleep(SETTLE_MS)
}

async function leave(contenders: readonly Contender[]): Promise<void> {
  for (const { load } of contenders) await load.leave()
}

async function readBoth({ server: ours }: Contender, { server: icecast }: Contender): Promise<[Reading, Reading]> {
  const ends = [ours, icecast].map(({ process: { pid } }) => readFrom(pid))
  await sleep(WINDOW_MS)
  const [own, other] = ends.map((end) => end())
  return [own, other] as [Reading, Reading]
}

/** Begins a reading of a process. @returns ends it */
function readFrom(pid: number): () => Reading {
  const now = () => ({ ms: performance.now(), cpuUs: cpuMicroseconds(pid), switches: contextSwitches(pid) })
  const before = now()
  return () => {
    const after = now()
    const seconds = (after.ms - before.ms) / 1000
    return {
      percent: (after.cpuUs - before.cpuUs) / 1e4 / seconds,
      switches: (after.switches - before.switches) / seconds,
    }
  }
}

async function callsOf({ server }: Contender): Promise<number | undefined> {
  const calls = await systemCalls(server.process.pid, TRACED_SECONDS)
  return calls === undefined ? undefined : calls / TRACED_SECONDS
}

function figuresOf(
  readings: ReadonlyMap<Size, readonly [Reading, Reading][]>,
  calls: ReadonlyMap<Size, number | undefined>,
): Figures {
  const missed: string[] = []
  const rows = [...readings].map(([size, rounds]) => {
    const typical = (value: (own: Reading, other: Reading) => number) => median(rounds.map((pair) => value(...pair)))
    const measured = {
      percent: typical((own) => own.percent),
      ratio: typical((own, other) => own.percent / other.percent),
      switches: typical((own) => own.switches),
      calls: calls.get(size) ?? Number.NaN,
    }
    for (const name of ['percent', 'ratio', 'switches', 'calls'] as const) {
      const most = size[name]
      if (most === undefined || measured[name] <= most) continue
      missed.push(
        `${size.listeners} listeners: ${name} is ${figure(measured[name], 2)}, at most ${most} was to be reached`,
      )
    }
    return [
      String(size.listeners),
      figure(measured.percent, 2),
      figure(
        typical((_, other) => other.percent),
        2,
      ),
      figure(measured.ratio, 2),
      figure(measured.switches, 1),
      figure(
        typical((_, other) => other.switches),
        1,
      ),
      figure(measured.calls, 1),
    ]
  })
  const titles = ['listeners', 'CPU %', 'Icecast %', 'ratio', 'switches/s', 'Icecast', 'calls/s']
  return { titles, rows, missed }
}
