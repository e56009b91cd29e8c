/** Maximum throughput of a server: zeros as fast as listeners read them. */

import { setTimeout as sleep } from 'node:timers/promises'
import { startLoad } from './load.ts'
import { cpuMicroseconds } from './process-usage.ts'
import { type StartServer, startFirehoseFloor, startStreamserve } from './servers.ts'

export interface FirehosePlan {
  readonly listeners: number
  readonly rounds: number
  readonly seconds: number
}

export interface FirehoseResult {
  readonly server: string
  /**
   * CPU seconds of the server and its listeners together; one value a round. The kernel may do the work of TCP in either
   * process: in the server while socket buffers are empty, in the listeners while they are full, because sending then continues
   * when one of them reads.
   */
  readonly megabytesPerCpuSecond: readonly number[]
  /** CPU seconds of the server alone. */
  readonly megabytesPerServerSecond: readonly number[]
  readonly megabytesPerSecond: readonly number[]
  /** Reads that contained anything but zeros, and responses that ended. */
  readonly faults: number
}

export const PLAIN_SERVER = 'plain net server'
const STREAMSERVE = 'streamserve'

/** Frames of one page (4096 bytes), which is what programs write. */
const FLAGS = ['-path', '/dev/zero', '-frame-filter', 'raw', '-frame-bytes', '4096']
const SERVERS: readonly (readonly [string, StartServer])[] = [
  [STREAMSERVE, () => startStreamserve(FLAGS)],
  [PLAIN_SERVER, startFirehoseFloor],
]
const WARM_UP_MS = 500

export async function measureFirehose(plan: FirehosePlan, log: (text: string) => void): Promise<FirehoseResult[]> {
  const rounds = new Map<string, Round[]>(SERVERS.map(([name]) => [name, []]))
  for (let round = 1; round <= plan.rounds; round++) {
    for (const [name, start] of round % 2 ? SERVERS : SERVERS.toReversed()) {
      log(`firehose, round ${round} of ${plan.rounds}: ${name}`)
      rounds.get(name)?.push(await measureOnce(start, plan))
    }
  }
  return [...rounds].map(([server, all]) => ({
    server,
    megabytesPerCpuSecond: all.map((round) => round.megabytes / (round.serverSeconds + round.loadSeconds)),
    megabytesPerServerSecond: all.map(({ megabytes, serverSeconds }) => megabytes / serverSeconds),
    megabytesPerSecond: all.map(({ megabytes, seconds }) => megabytes / seconds),
    faults: all.reduce((sum, { faults }) => sum + faults, 0),
  }))
}

interface Round {
  readonly megabytes: number
  /** CPU time of the server, and of the listeners. */
  readonly serverSeconds: number
  readonly loadSeconds: number
  readonly seconds: number
  readonly faults: number
}

async function measureOnce(startServer: StartServer, plan: FirehosePlan): Promise<Round> {
  const server = await startServer()
  const load = await startLoad(server, 'zeros')
  try {
    await load.open(plan.listeners)
    await sleep(WARM_UP_MS)
    load.restart()
    const { cpuUs: loadUs } = await load.report()
    const serverUs = cpuMicroseconds(server.process.pid)
    const beforeMs = performance.now()
    await sleep(plan.seconds * 1000)
    const { bytes, cpuUs, corrupt, ended } = await load.report()
    const serverSeconds = (cpuMicroseconds(server.process.pid) - serverUs) / 1e6
    const loadSeconds = (cpuUs - loadUs) / 1e6
    const seconds = (performance.now() - beforeMs) / 1000
    return { megabytes: bytes / 1e6, serverSeconds, loadSeconds, seconds, faults: corrupt + ended }
  } finally {
    await load.stop()
    await server.process.stop()
  }
}
