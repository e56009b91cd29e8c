import { readdirSync, readFileSync } from 'node:fs'
import type { Test } from 'tap'
import { type Client, listen } from '../client.ts'
import { numbers, numbersIn } from '../feeders.ts'
import { childrenOf, until } from '../processes.ts'
import { type Server, type StartOptions, startServer } from '../streamserve.ts'
import { startBusy } from '../threads/busy-program.ts'

/** A program under a fault, with listeners. Its source counts: each frame is a 32-bit number. */
export interface Victim {
  readonly server: Server
  readonly pid: number
  /** Listeners that must not be affected. */
  readonly listeners: readonly Client[]
  /** Process ID of the source, once there is one. */
  source(): Promise<number>
  /** Resolves when each listener has received this number of further frames. */
  goesOn(frames?: number): Promise<void>
  /** Opens connections of other clients, for the stream, a page, and events in turn. @returns a function that closes them */
  strangers(count: number): () => void
}

/** Options for starting a program. */
export type Start = StartOptions & { readonly flags?: readonly string[] }

const FRAME_BYTES = 4
const SOURCE = numbers({ everyMs: 10, burst: 8 })
const RAW = ['-frame-filter', 'raw', '-frame-bytes', String(FRAME_BYTES)]
/** Listeners are not lapped during a fault, so that each must receive every frame. */
const ROOMY = ['-source-buffer', '1000000', '-client-timeout', '0']
const TARGETS = ['/', '/player/?events', '/player/', '/player/?events', '/status/events', '/nothing/here']

export async function startVictim(t: Test, { flags = [], ...options }: Start, threads: boolean): Promise<Victim> {
  const all = [...ROOMY, ...flags, '-exec', ...SOURCE]
  const { server, listeners } = threads ? await startBusy(t, all, options) : await startIdle(t, all, options)
  const pid = server.child.pid ?? 0
  return {
    server,
    pid,
    listeners,
    async source() {
      await until('the source runs', () => sourceOf(pid) !== undefined)
      return sourceOf(pid) ?? 0
    },
    async goesOn(frames = 100) {
      await Promise.all(listeners.map((one) => one.bodyHas(one.body().length + frames * FRAME_BYTES)))
    },
    strangers(count) {
      const all = Array.from({ length: count }, (_, at) => listen(t, server.port, TARGETS[at % TARGETS.length]))
      return () => {
        for (const { socket } of all) socket.destroy()
      }
    },
  }
}

async function startIdle(t: Test, flags: readonly string[], options: StartOptions) {
  const server = await startServer(t, [...RAW, ...flags], options)
  return { server, listeners: Array.from({ length: 4 }, () => listen(t, server.port)) }
}

/** The child that runs the source's script; the other child guards against orphans. */
function sourceOf(pid: number): number | undefined {
  return childrenOf(pid).find((child) => commandLine(child).includes('writeUInt32BE'))
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
  } catch {
    return ''
  }
}

/** Number of open descriptors of a process. */
export function descriptorsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}

/** Memory of a process, in MiB. */
export function memoryOf(pid: number): number {
  const [, kib] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? []
  return Number(kib) / 1024
}

/** Missing, duplicated or incomplete frames. A restarted source counts from 0 again. */
export function wrongFrames(body: Buffer, restarts: number): string[] {
  const whole = body.subarray(0, body.length - (body.length % FRAME_BYTES))
  const all = numbersIn(whole)
  const breaks = all.flatMap((value, at) =>
    at > 0 && value !== (all[at - 1] ?? 0) + 1 ? [`${all[at - 1]} ${value}`] : [],
  )
  const anew = breaks.filter((pair) => pair.endsWith(' 0'))
  return anew.length <= restarts ? breaks.filter((pair) => !pair.endsWith(' 0')) : breaks
}
