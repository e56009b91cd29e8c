/** Whether listeners that do not read harm the other listeners, or the server. */

import { setTimeout as sleep } from 'node:timers/promises'
import { type LoadReport, startLoad } from './load.ts'
import { memory } from './process-usage.ts'
import { startStation } from './servers.ts'

export interface StalledPlan {
  /** Numbers of listeners that do not read, and of those that do. */
  readonly stalled: number
  readonly good: number
  readonly seconds: number
}

export interface StalledResult {
  readonly plan: StalledPlan
  /** Report of the listeners that read. */
  readonly good: LoadReport
  /** Stalled listeners that were still connected at the end. */
  readonly stillStalled: number
  /** Maximum memory of the server (PSS), in MB. */
  readonly mostMemoryMb: number
}

/** Long enough that no stalled listener is disconnected. */
const FLAGS = ['-client-timeout', '10m']
const SAMPLE_EVERY_MS = 1000

export async function measureStalled(plan: StalledPlan, log: (text: string) => void): Promise<StalledResult> {
  log(`${plan.stalled} stalled listeners beside ${plan.good} others, ${plan.seconds} s`)
  const server = await startStation(FLAGS)
  const good = await startLoad(server, 'frames')
  const bad = await startLoad(server, 'frames')
  try {
    await good.open(plan.good)
    good.restart()
    await bad.stall(plan.stalled)
    let mostKb = 0
    for (const until = performance.now() + plan.seconds * 1000; performance.now() < until; ) {
      await sleep(SAMPLE_EVERY_MS)
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
