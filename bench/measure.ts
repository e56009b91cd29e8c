/** Measures one server with many listeners, once. */

import { setTimeout as sleep } from 'node:timers/promises'
import type { Content } from './listener.ts'
import { type Load, type LoadReport, startLoad } from './load.ts'
import { cpuMicroseconds, memory } from './process-usage.ts'
import type { Server, StartServer } from './servers.ts'

export interface Plan {
  readonly listeners: number
  readonly seconds: number
  /** How long a server may get warm before something is measured; bursts are over then. */
  readonly settleMs: number
  readonly content: Content
  /** How many listeners come each second; undefined: as many as it takes. */
  readonly rate?: number | undefined
  /** How often listeners look for bytes, in milliseconds; undefined: always. See `Load.nap`. */
  readonly napMs?: number | undefined
}

/** What a server took, and what its listeners saw; see LoadReport. */
export interface Measurement extends LoadReport {
  readonly seconds: number
  /** CPU time of the server for each listener and second. In microseconds. */
  readonly cpuUsPerListener: number
  /** CPU time of the server, as a part of one core. */
  readonly cpuShare: number
  /** CPU time of the process with the listeners, likewise: below that of the server it is no bottleneck. */
  readonly loadShare: number
  /** All memory of the server (PSS). In MB. */
  readonly memoryMb: number
  /** Anonymous memory for each listener over what the server needs without any. In kB. */
  readonly memoryKbPerListener: number
  /** Writes to each listener and second, as far as reads show them. */
  readonly writesPerSecond: number
}

/** How long the first listener stays, in milliseconds. */
const VISIT_MS = 300

/** Starts a server, measures it and stops it. */
export async function measure(startServer: StartServer, plan: Plan): Promise<Measurement> {
  const server = await startServer()
  const load = await startLoad(server, plan.content)
  try {
    const idleKb = await memoryWithoutListeners(server, load)
    if (plan.napMs !== undefined) load.nap(plan.napMs)
    await load.open(plan.listeners, plan.rate)
    await sleep(plan.settleMs)
    return await measureWindow(server, load, plan, idleKb)
  } finally {
    await load.stop()
    await server.process.stop()
  }
}

/** Somebody comes first and goes again, so that all code that serves a listener has been used. In kB. */
async function memoryWithoutListeners(server: Server, load: Load): Promise<number> {
  await load.open(1)
  await sleep(VISIT_MS)
  await load.leave()
  await sleep(VISIT_MS)
  return memory(server.process.pid).anonymousKb
}

async function measureWindow(server: Server, load: Load, plan: Plan, idleKb: number): Promise<Measurement> {
  load.restart()
  const before = await readings(server, load)
  await sleep(plan.seconds * 1000)
  const after = await readings(server, load)
  const { pssKb, anonymousKb } = memory(server.process.pid)

  const seconds = (after.atMs - before.atMs) / 1000
  const cpuUs = after.cpuUs - before.cpuUs
  // Some servers do not take all who come.
  const present = Math.max(1, after.report.listeners)
  return {
    ...after.report,
    seconds,
    cpuUsPerListener: cpuUs / present / seconds,
    cpuShare: cpuUs / 1e6 / seconds,
    loadShare: (after.report.cpuUs - before.report.cpuUs) / 1e6 / seconds,
    memoryMb: pssKb / 1024,
    memoryKbPerListener: (anonymousKb - idleKb) / present,
    writesPerSecond: after.report.reads / present / seconds,
  }
}

async function readings(server: Server, load: Load): Promise<{ atMs: number; cpuUs: number; report: LoadReport }> {
  const report = await load.report()
  return { atMs: performance.now(), cpuUs: cpuMicroseconds(server.process.pid), report }
}
