/** Whether listeners who take nothing harm those who do, or the server. */

import { setTimeout as sleep } from 'node:timers/promises'
import { type LoadReport, startLoad } from './load.ts'
import { memory } from './process-usage.ts'
import { startStation } from './servers.ts'

export interface StalledPlan {
  /** So many take nothing, and so many others listen. */
  readonly stalled: number
  readonly good: number
  readonly seconds: number
}

export interface StalledResult {
  readonly plan: StalledPlan
  /** What those who listen saw. */
  readonly good: LoadReport
  /** Of those who take nothing, so many were still there at the end. */
  readonly stillStalled: number
  /** The most memory that the server took (PSS). In MB. */
  readonly mostMemoryMb: number
}

/** Long enough that nobody is thrown out for taking nothing. */
const FLAGS = ['-client-timeout', '10m']
const LOOK_EVERY_MS = 1000

export async function measureStalled(plan: StalledPlan, say: (text: string) => void): Promise<StalledResult> {
  say(`${plan.stalled} who take nothing beside ${plan.good} who listen, ${plan.seconds} s`)
  const server = await startStation(FLAGS)
  const good = await startLoad(server, 'frames')
  const bad = await startLoad(server, 'frames')
  try {
    await good.open(plan.good)
    good.restart()
    await bad.stall(plan.stalled)
    let mostKb = 0
    for (const until = performance.now() + plan.seconds * 1000; performance.now() < until; ) {
      await sleep(LOOK_EVERY_MS)
      mostKb = Math.max(mostKb, memory(server.process.pid).pssKb)
    }
    const { stalled } = await bad.report()
    return { plan, good: await good.report(), stillStalled: stalled, mostMemoryMb: mostKb / 1024 }
  } finally {
    await bad.stop()
    await good.stop()
    await server.process.stop()
  }
}
