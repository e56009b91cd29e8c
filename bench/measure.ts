/** Measures one server with many listeners, once. */

import { setTimeout as sleep } from 'node:timers/promises'
import { type Content, type Load, type LoadReport, startLoad } from './load.ts'
import { cpuMicroseconds, memory } from './process-usage.ts'
import type { Server, StartServer } from './servers.ts'

export interface Plan {
  readonly listeners: number
  readonly seconds: number
  /** Warm-up before the measurement, in which bursts end. */
  readonly settleMs: number
  readonly content: Content
  /** Connections per second; undefined: the default. */
  readonly rate?: number | undefined
  /** Interval at which listeners poll for bytes, in milliseconds; undefined: they are woken at each write. See `Load.poll`. */
  readonly pollIntervalMs?: number | undefined
}

/** Resources that a server used, and the report of its listeners; see LoadReport. */
export interface Measurement extends LoadReport {
  readonly seconds: number
  /** CPU time of the server per listener and second, in microseconds. */
  readonly cpuUsPerListener: number
  /** CPU time of the server, as a part of one core. */
  readonly cpuShare: number
  /** CPU time of the process with the listeners, likewise: while below the server's it is not the bottleneck. */
  readonly loadShare: number
  /** Total memory of the server (PSS), in MB. */
  readonly memoryMb: number
  /** Anonymous memory per listener, beyond what the server needs without any, in kB. */
  readonly memoryKbPerListener: number
  /** Writes per listener and second, estimated from reads. */
  readonly writesPerSecond: number
}

/** Time that the first listener stays, in milliseconds. */
const VISIT_MS = 300

/** Starts a server, measures it and stops it. */
export async function measure(startServer: StartServer, plan: Plan): Promise<Measurement> {
  const server = await startServer()
  const load = await startLoad(server, plan.content)
  try {
    const idleKb = await memoryWithoutListeners(server, load)
    if (plan.pollIntervalMs !== undefined) load.poll(plan.pollIntervalMs)
    await load.open(plan.listeners, plan.rate)
    await sleep(plan.settleMs)
    return await measureWindow(server, load, plan, idleKb)
  } finally {
    await load.stop()
    await server.process.stop()
  }
}

/** Memory after one listener has connected and disconnected, so that all code that serves a listener has run. In kB. */
async function memoryWithoutListeners(server: Server, load: Load): Promise<number> {
  await load.open(1)
  await sleep(VISIT_MS)
  await load.leave()
  await sleep(VISIT_MS)
  return memory(server.process.pid).anonymousKb
}

export async function measureWindow(server: Server, load: Load, plan: Plan, idleKb: number): Promise<Measurement> {
  load.restart()
  const before = await readings(server, load)
  await sleep(plan.seconds * 1000)
  const after = await readings(server, load)
  const { pssKb, anonymousKb } = memory(server.process.pid)

  const seconds = (after.atMs - before.atMs) / 1000
  const cpuUs = after.cpuUs - before.cpuUs
  // Some servers do not accept all clients.
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
