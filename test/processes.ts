import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** For tests that read /proc. */
export const needsProc: false | string = process.platform === 'linux' ? false : 'needs /proc'

/** A word that is not in the command line of any other process. */
export function uniqueToken(): string {
  return `token-${process.pid}-${randomBytes(6).toString('hex')}`
}

/** Processes whose command line contains `token`; zombies have no command line. */
export function processesWith(token: string): number[] {
  return allPids().filter((pid) => pid !== process.pid && read(pid, 'cmdline').includes(token))
}

/** Kills them; for processes that a test has let escape on purpose. */
export function killAllWith(token: string, except?: number): void {
  for (const pid of processesWith(token)) if (pid !== except) kill(pid)
}

/** User IDs of a process: real, effective, saved and file system. */
export function usersOf(pid: number): number[] {
  return numbersAfter('Uid', pid)
}

/** Supplementary groups of a process. */
export function groupsOf(pid: number): number[] {
  return numbersAfter('Groups', pid)
}

/** The children of a process. */
export function childrenOf(parent: number): number[] {
  return allPids().filter((pid) => numbersAfter('PPid', pid)[0] === parent)
}

/** CPU time of a process, in clock ticks (1/100 s). */
export function ticksOf(pid: number): number {
  const fields = read(pid, 'stat').split(') ').at(-1)?.split(' ') ?? []
  // proc(5): utime and stime are fields 14 and 15; the array begins with field 3, the state.
  return Number(fields[11]) + Number(fields[12])
}

/** Bytes that a process has read, from anything. proc_pid_io(5) */
export function bytesReadBy(pid: number): number {
  return Number(/^rchar: (\d+)$/m.exec(read(pid, 'io'))?.[1])
}

/** Polls until `holds` returns true; rejects after `withinMs`, which is reached only on a fault. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, withinMs = 30_000): Promise<void> {
  for (const deadline = performance.now() + withinMs; !(await holds()); await sleep(20)) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${withinMs} ms`)
  }
}

/** Resolves when no process has `token` in its command line. */
export function untilGone(token: string, withinMs?: number): Promise<void> {
  return until(`processes with ${token} are gone`, () => processesWith(token).length === 0, withinMs)
}

/** Resolves when `count` processes have `token` in their command line. */
export function untilThere(token: string, count: number): Promise<void> {
  return until(`${count} processes with ${token}`, () => processesWith(token).length >= count)
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has exited meanwhile.
  }
}

function allPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

function numbersAfter(field: string, pid: number): number[] {
  const line = new RegExp(`^${field}:(.*)$`, 'm').exec(read(pid, 'status'))?.[1] ?? ''
  return line.trim() === '' ? [] : line.trim().split(/\s+/).map(Number)
}

function read(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1')
  } catch {
    return ''
  }
}
