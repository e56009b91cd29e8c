/** Resources of a process on this machine, most of them from /proc of Linux. All functions throw when the process has ended. */

import { readdirSync, readFileSync } from 'node:fs'
import type { Child } from './child.ts'

/** A clock tick of /proc, in microseconds: 1/100 s on all machines that Node runs on. */
const TICK_US = 10_000

/** Total CPU time of all its threads, user and system, in microseconds. */
export function cpuMicroseconds(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`)
  const ofThreads = threads.reduce((us, thread) => us + runNs(`/proc/${pid}/task/${thread}/schedstat`) / 1000, 0)
  // The second value is coarse, and lower by up to a tick, unless threads have ended.
  return Math.max(ofThreads, ticksOf(pid) * TICK_US)
}

/** The first number is the time on a core, in nanoseconds. */
function runNs(path: string): number {
  return Number(readFileSync(path, 'latin1').split(' ')[0])
}

function ticksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  // The second field, the name in parentheses, may contain blanks. The rest begins with field 3; see proc_pid_stat(5).
  const rest = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [userTicks, systemTicks] = [rest[14 - 3], rest[15 - 3]]
  return Number(userTicks) + Number(systemTicks)
}

/** Memory of a process in kB, without kernel memory such as socket buffers. */
export interface Memory {
  /** Its own pages and its share of those that other processes use as well (proportional set size). */
  readonly pssKb: number
  /** Memory without a file behind it: heaps and stacks. Unlike the total it does not shrink when another Node starts. */
  readonly anonymousKb: number
}

export function memory(pid: number): Memory {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1')
  const kb = (name: string) => Number(new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(rollup)?.[1])
  return { pssKb: kb('Pss'), anonymousKb: kb('Pss_Anon') }
}

/** Most resident memory that it has had, in kB. */
export function peakMemoryKb(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1])
}

/** Number of open descriptors. */
export function openDescriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}

/** Preloaded into a server, see `heap-probe.ts`. */
export const HEAP_PROBE = './heap-probe.js'

/** Makes a server collect its garbage. @returns the memory that JavaScript holds then, in kB, buffers included. */
export async function heldAfterCollection(child: Child): Promise<number> {
  const answer = child.line(/^held=(\d+)$/)
  process.kill(child.pid, 'SIGUSR2')
  const [, held] = await answer
  return Number(held)
}
