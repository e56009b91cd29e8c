/** What happens to those who listen, and to memory, when thousands come at once and go at once, again and again. */

import { setTimeout as sleep } from 'node:timers/promises'
import { HEAP_PROBE, heldAfterCollection } from './heap.ts'
import { startLoad } from './load.ts'
import { memory, openDescriptors } from './process-usage.ts'
import { startStation } from './servers.ts'

export interface StormPlan {
  readonly listeners: number
  /** How many come each second. */
  readonly rate: number
  readonly residents: number
  readonly rounds: number
}

export interface StormRound {
  /** From the first who came until all had got something. */
  readonly arrivalSeconds: number
  /** The longest time that one of those who listened all the while waited for bytes. */
  readonly longestGapMs: number
  /** Of the server when all had gone again and V8 had collected its garbage, which it does at times of its own (PSS). */
  readonly memoryMb: number
}

export interface StormResult {
  readonly plan: StormPlan
  readonly rounds: readonly StormRound[]
  readonly refused: number
  /** Responses that the server ended, frames that somebody missed, and frames that were not whole. */
  readonly ended: number
  readonly skipped: number
  readonly corrupt: number
  /** Open files after the last storm over those before the first. */
  readonly filesLeft: number
}

const STAY_MS = 1000
/** The server may take so long to notice that everybody has gone, and to be quiet again. */
const GONE_WITHIN_MS = 10_000
const QUIET_MS = 1000

export async function measureStorms(plan: StormPlan, say: (text: string) => void): Promise<StormResult> {
  const server = await startStation([], 'mp3', [HEAP_PROBE])
  const { pid } = server.process
  const residents = await startLoad(server, 'frames')
  const storm = await startLoad(server, 'frames')
  try {
    await residents.open(plan.residents)
    await sleep(QUIET_MS)
    const filesBefore = openDescriptors(pid)
    const rounds: StormRound[] = []
    while (rounds.length < plan.rounds) {
      say(`storm ${rounds.length + 1} of ${plan.rounds}: ${plan.listeners} listeners`)
      residents.restart()
      const startedMs = performance.now()
      await storm.open(plan.listeners, plan.rate)
      const arrivalSeconds = (performance.now() - startedMs) / 1000
      await sleep(STAY_MS)
      await storm.leave()
      await filesClosed(pid, filesBefore)
      await sleep(QUIET_MS)
      const { longestGapMs } = await residents.report()
      await heldAfterCollection(server.process)
      rounds.push({ arrivalSeconds, longestGapMs, memoryMb: memory(pid).pssKb / 1024 })
    }
    const reports = [await residents.report(), await storm.report()]
    const sum = (what: 'refused' | 'ended' | 'skipped' | 'corrupt') => reports.reduce((n, one) => n + one[what], 0)
    return {
      plan,
      rounds,
      refused: sum('refused'),
      ended: sum('ended'),
      skipped: sum('skipped'),
      corrupt: sum('corrupt'),
      filesLeft: openDescriptors(pid) - filesBefore,
    }
  } finally {
    await storm.stop()
    await residents.stop()
    await server.process.stop()
  }
}

async function filesClosed(pid: number, most: number): Promise<void> {
  const until = performance.now() + GONE_WITHIN_MS
  while (openDescriptors(pid) > most && performance.now() < until) await sleep(QUIET_MS / 20)
}
