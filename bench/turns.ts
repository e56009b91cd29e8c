/** Durations of event-loop turns: all other events wait until a turn ends. */

import { setTimeout as sleep } from 'node:timers/promises'
import type { Child } from './child.ts'
import { startLoad } from './load.ts'
import { startStation } from './servers.ts'

export interface TurnsPlan {
  readonly listeners: number
  readonly seconds: number
}

export interface TurnsResult {
  readonly plan: TurnsPlan
  /** In milliseconds; the maximum may be due to other programs on the machine. */
  readonly p50Ms: number
  readonly p999Ms: number
  readonly longestMs: number
}

const PROBE = './loop-probe.js'
/** Connections per second. */
const RATE = 5000

export async function measureTurns(
  plan: TurnsPlan,
  settleMs: number,
  log: (text: string) => void,
): Promise<TurnsResult> {
  log(`turns of the event loop with ${plan.listeners} listeners, ${plan.seconds} s`)
  const server = await startStation([], 'mp3', [PROBE])
  const load = await startLoad(server, 'frames')
  try {
    await load.open(plan.listeners, RATE)
    await sleep(settleMs)
    await turnsOf(server.process)
    await sleep(plan.seconds * 1000)
    const [p50Ms = Number.NaN, p999Ms = Number.NaN, longestMs = Number.NaN] = await turnsOf(server.process)
    return { plan, p50Ms, p999Ms, longestMs }
  } finally {
    await load.stop()
    await server.process.stop()
  }
}

/** Durations since the last call. */
async function turnsOf(child: Child): Promise<number[]> {
  const answer = child.line(/^turns=(.+)$/)
  process.kill(child.pid, 'SIGUSR2')
  const [, text = ''] = await answer
  return text.split(' ').map(Number)
}
