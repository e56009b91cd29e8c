/** Effect on present listeners, and on memory, of thousands of listeners that connect and disconnect at once, repeatedly. */

import { setTimeout as sleep } from 'node:timers/promises'
import { type Load, startLoad } from './load.ts'
import { HEAP_PROBE, heldAfterCollection, memory, openDescriptors } from './process-usage.ts'
import { startStation } from './servers.ts'

export interface StormPlan {
  readonly listeners: number
  /** Connections per second. */
  readonly rate: number
  readonly residents: number
  readonly rounds: number
}

interface StormRound {
  /** From the first connection until all listeners had received bytes. */
  readonly arrivalSeconds: number
  /** Longest time that one of the permanent listeners waited for bytes. */
  readonly longestGapMs: number
  /** Memory of the server (PSS) after all had disconnected and V8 had collected its garbage, at times of its own choice. */
  readonly memoryMb: number
}

export interface StormResult {
  readonly plan: StormPlan
  readonly rounds: readonly StormRound[]
  readonly refused: number
  /** Responses that the server ended, frames missed by a listener, and frames that were not whole. */
  readonly ended: number
  readonly skipped: number
  readonly corrupt: number
  /** Open files after the last storm minus those before the first. */
  readonly filesLeft: number
}

const STAY_MS = 1000
/** Time in which the server must notice that all listeners have disconnected, and become idle. */
const GONE_WITHIN_MS = 10_000
const QUIET_MS = 1000

export async function measureStorms(plan: StormPlan, log: (text: string) => void): Promise<StormResult> {
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
      log(`storm ${rounds.length + 1} of ${plan.rounds}: ${plan.listeners} listeners`)
      residents.restart()
      const arrivalSeconds = await storms(storm, plan)
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

/** Connects all listeners, and disconnects them after a while. @returns seconds until all had received bytes */
async function storms(storm: Load, { listeners, rate }: StormPlan): Promise<number> {
  const startedMs = performance.now()
  await storm.open(listeners, rate)
  const arrivalSeconds = (performance.now() - startedMs) / 1000
  await sleep(STAY_MS)
  await storm.leave()
  return arrivalSeconds
}

async function filesClosed(pid: number, most: number): Promise<void> {
  const until = performance.now() + GONE_WITHIN_MS
  while (openDescriptors(pid) > most && performance.now() < until) await sleep(QUIET_MS / 20)
}
