/** Measures one server with many listeners, once. */

import { setTimeout as sleep } from 'node:timers/promises'
import { type Child, startScript } from './child.ts'
import { BYTES_PER_SECOND } from './frames.ts'
import { openListener } from './listener.ts'
import type { ListenersReport } from './listeners.ts'
import { cpuMicroseconds, memory } from './process-usage.ts'
import type { Server, StartServer } from './servers.ts'

export interface Plan {
  readonly listeners: number
  /** How many of them look at each frame; the others only count bytes. */
  readonly checked: number
  readonly seconds: number
}

export interface Measurement {
  /** CPU time of the server for each listener and second. In microseconds. */
  readonly cpuUs: number
  /** Anonymous memory of the server for each listener, garbage included, over what it needs without any. In kB. */
  readonly memoryKb: number
  /** The same without garbage and without the room that V8 keeps for more. */
  readonly heldKb: number
  /** All memory of the server without listeners (PSS). In kB. */
  readonly idleKb: number
  /** The longest time that any listener waited for bytes. In milliseconds. */
  readonly longestGapMs: number
  /** The bytes of the listener that got the fewest, as a part of what the stream had; about 1 is all. */
  readonly leastShare: number
  /** Frames looked at, left out, and not whole or not in order. */
  readonly frames: number
  readonly lost: number
  readonly corrupt: number
  /** Listeners whose response ended. */
  readonly ended: number
  /** CPU time of the process with the listeners, as a part of one core: near 1 it is the bottleneck. */
  readonly loadShare: number
}

/** How long a server may get warm before something is measured. */
const SETTLE_MS = 2000

/** Starts a server, measures it and stops it. */
export async function measure(startServer: StartServer, plan: Plan): Promise<Measurement> {
  const server = await startServer()
  try {
    const idle = await memoryWithoutListeners(server)
    const load = startScript('./listeners.js', [server.port, plan.listeners, plan.checked].map(String))
    try {
      await load.says(/^ready$/)
      return await measureWindow(server, load, plan, idle)
    } finally {
      await load.stop()
    }
  } finally {
    await server.process.stop()
  }
}

/** Memory of a server once its garbage has been collected. In kB. */
interface CleanMemory {
  readonly pssKb: number
  readonly anonymousKb: number
  /** The anonymous part without the room that V8 keeps. */
  readonly heldKb: number
}

async function cleanMemory(server: Server): Promise<CleanMemory> {
  const heap = await server.heap?.()
  const { pssKb, anonymousKb } = memory(server.process.pid)
  return { pssKb, anonymousKb, heldKb: anonymousKb - (heap?.roomKb ?? 0) }
}

/** A listener comes first and goes again, so that the source runs, and all code that serves one has been used. */
async function memoryWithoutListeners(server: Server): Promise<CleanMemory> {
  const visitor = await openListener(server.port, false)
  await sleep(SETTLE_MS)
  visitor.socket.destroy()
  await sleep(SETTLE_MS / 4)
  return cleanMemory(server)
}

async function measureWindow(server: Server, load: Child, plan: Plan, idle: CleanMemory): Promise<Measurement> {
  await sleep(SETTLE_MS)
  load.tell('restart')
  const before = await readings(server, load)
  await sleep(plan.seconds * 1000)
  const after = await readings(server, load)
  const { anonymousKb } = memory(server.process.pid)
  const { heldKb } = await cleanMemory(server)

  const seconds = (after.atMs - before.atMs) / 1000
  const { longestGapMs, frames, lost, corrupt, ended, leastBytes, cpuUs } = after.report
  return {
    cpuUs: (after.cpuUs - before.cpuUs) / plan.listeners / seconds,
    memoryKb: (anonymousKb - idle.anonymousKb) / plan.listeners,
    heldKb: (heldKb - idle.heldKb) / plan.listeners,
    idleKb: idle.pssKb,
    longestGapMs,
    leastShare: leastBytes / (BYTES_PER_SECOND * seconds),
    frames,
    lost,
    corrupt,
    ended,
    loadShare: (cpuUs - before.report.cpuUs) / 1e6 / seconds,
  }
}

async function readings(
  server: Server,
  load: Child,
): Promise<{ atMs: number; cpuUs: number; report: ListenersReport }> {
  const answer = load.says(/^\{.*\}$/)
  load.tell('report')
  const [json] = await answer
  return { atMs: performance.now(), cpuUs: cpuMicroseconds(server.process.pid), report: JSON.parse(json) }
}
