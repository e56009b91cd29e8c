/**
 * A hub with real servers: CPU time and delays of 100 streams at three edges, and the CPU time of listeners of an edge beside those of a
 * single program.
 * `node dist/bench/hub.js [--streams 100] [--edges 3] [--seconds 20] [--listeners 10000] [--rounds 5] [--only streams|listeners]`
 * It exits with 1 when a frame was lost or not whole, or a listener was refused or disconnected.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { natsVersion } from '../test/hub/nats-programs.ts'
import { atMost } from './aims.ts'
import { exitOnSignals } from './child.ts'
import { cpuRatio, measureFanout } from './fanout.ts'
import { inReport } from './faults.ts'
import { DELAY_PROBE, type Delays, endNoting, sinceMessage, sinceRing, startNoting } from './hub-delays.ts'
import { hubPids, NATS_SERVER, receivedBy, startBenchEdge, startEdge, startHub, startOrigin } from './hub-station.ts'
import { cpuMicroseconds } from './process-usage.ts'
import { startStation } from './servers.ts'
import { figure, table } from './table.ts'
import { aimTable, COST_COLUMNS, costRow } from './tables.ts'

const { values: flags } = parseArgs({
  options: {
    streams: { type: 'string', default: '100' },
    edges: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '20' },
    listeners: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string' },
  },
})
const SECONDS = Number(flags.seconds)
const STREAMS = Number(flags.streams)
/** Time until all streams run and V8 has compiled what is hot, in milliseconds. */
const SETTLE_MS = 10_000
const LISTENERS_SETTLE_MS = 4_000
/** Connections per second. */
const RATE = 5_000
const MAX_CORES = 0.5
const MAX_DELAY_MS = 20
const MAX_RATIO = 1.05

/** CPU of the processes during a time, in cores. */
async function coresOf(pids: readonly number[], seconds: number): Promise<number[]> {
  const [startedMs, before] = [performance.now(), pids.map(cpuMicroseconds)]
  await sleep(seconds * 1_000)
  const us = (performance.now() - startedMs) * 1_000
  return pids.map((pid, i) => (cpuMicroseconds(pid) - (before[i] ?? 0)) / us)
}

/** Measures many streams from one origin to several edges. @returns faults */
async function measureStreams(): Promise<string[]> {
  const cluster = await startHub()
  const origin = await startOrigin(cluster, STREAMS, [DELAY_PROBE])
  const edges = await Promise.all(
    Array.from({ length: Number(flags.edges) }, (_, number) => startEdge(cluster, number, STREAMS, [DELAY_PROBE])),
  )
  await sleep(SETTLE_MS)
  const programs = [origin, ...edges].map(({ process: child }) => child)
  const names = ['origin', ...edges.map((_, i) => `edge ${i + 1}`), ...hubPids(cluster).map((_, i) => `hub ${i + 1}`)]
  const before = await Promise.all(edges.map(receivedBy))
  const cores = await coresOf([...programs.map(({ pid }) => pid), ...hubPids(cluster)], SECONDS)
  await Promise.all(programs.map(startNoting))
  await sleep(SECONDS * 1_000)
  const [noted, ...notedByEdges] = await Promise.all(programs.map(endNoting))
  const after = await Promise.all(edges.map(receivedBy))
  for (const { process: child } of [origin, ...edges]) await child.stop()
  await cluster.close()

  const messages = notedByEdges.map(sinceMessage)
  const rings = notedByEdges.map((edge) => sinceRing(noted ?? new Map(), edge))
  console.log(
    table(
      [`${STREAMS} streams`, 'CPU %'],
      names.map((name, i) => [name, figure((cores[i] ?? Number.NaN) * 100, 1)]),
    ),
  )
  console.log(
    table(
      ['delay', 'frames', 'p50 ms', 'p99 ms', 'longest ms'],
      [
        ...messages.map((delays, i) => delayRow(`message sent to ring of edge ${i + 1}`, delays)),
        ...rings.map((delays, i) => delayRow(`ring of origin to ring of edge ${i + 1}`, delays)),
      ],
    ),
  )
  console.log(
    aimTable([
      ...names.slice(1).map((name, i) => atMost(`CPU of ${name}`, cores[i + 1] ?? Number.NaN, MAX_CORES, 'cores')),
      atMost('99 % of the delays of messages', Math.max(...messages.map(({ p99 }) => p99)), MAX_DELAY_MS, 'ms'),
    ]),
  )
  return after.flatMap((streams, edge) =>
    streams.flatMap(({ path, bytes, lost }, i) => {
      const earlier = before[edge]?.[i]
      const isSilent = bytes === earlier?.bytes
      const isLost = lost > (earlier?.lost ?? 0)
      return isSilent || isLost ? [`edge ${edge + 1}, ${path}: ${isSilent ? 'no frames' : 'frames lost'}`] : []
    }),
  )
}

function delayRow(name: string, { frames, p50, p99, most }: Delays): string[] {
  return [name, figure(frames), figure(p50, 1), figure(p99, 1), figure(most, 1)]
}

/** Measures listeners of an edge, and of a single program. @returns faults */
async function measureListeners(): Promise<string[]> {
  const results = await measureFanout(
    [
      { name: 'single program', start: () => startStation([]), content: 'frames', rate: RATE },
      { name: 'edge', start: startBenchEdge, content: 'frames', rate: RATE },
    ],
    { listeners: Number(flags.listeners), rounds: Number(flags.rounds) },
    { seconds: SECONDS, settleMs: LISTENERS_SETTLE_MS },
    (text) => console.error(text),
  )
  const [single, edge] = results
  console.log(table([`${flags.listeners} listeners`, ...COST_COLUMNS], results.map(costRow)))
  console.log(aimTable([atMost('CPU of an edge', cpuRatio(edge, single), MAX_RATIO, 'of a single program')]))
  return results.flatMap(({ server, rounds }) => rounds.flatMap((round) => inReport(server, round)))
}

exitOnSignals()
console.log(`nats-server ${natsVersion(NATS_SERVER) ?? 'is missing'}`)
const faults: string[] = []
if (flags.only !== 'listeners') faults.push(...(await measureStreams()))
if (flags.only !== 'streams') faults.push(...(await measureListeners()))
for (const fault of faults) console.log(`fault: ${fault}`)
process.exit(faults.length === 0 ? 0 : 1)
