import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** For tests that look into /proc. */
export const needsProc: false | string = process.platform === 'linux' ? false : 'needs /proc'

/** A word that stands in the command line of no other process. */
export function uniqueToken(): string {
  return `token-${process.pid}-${randomBytes(6).toString('hex')}`
}

/** The processes whose command line holds `token`; the dead who wait to be collected have none. */
export function processesWith(token: string): number[] {
  return allPids().filter((pid) => pid !== process.pid && read(pid, 'cmdline').includes(token))
}

/** Kills them; for what a test has let escape on purpose. */
export function killAllWith(token: string, except?: number): void {
  for (const pid of processesWith(token)) if (pid !== except) kill(pid)
}

/** Who a process runs as: real, effective, saved and file system user. */
export function usersOf(pid: number): number[] {
  return numbersAfter('Uid', pid)
}

/** The groups that a process is in besides its own. */
export function groupsOf(pid: number): number[] {
  return numbersAfter('Groups', pid)
}

/** The children of a process. */
export function childrenOf(parent: number): number[] {
  return allPids().filter((pid) => numbersAfter('PPid', pid)[0] === parent)
}

/** The processor time that a process has used, in clock ticks (a hundredth of a second). */
export function ticksOf(pid: number): number {
  const fields = read(pid, 'stat').split(') ').at(-1)?.split(' ') ?? []
  // proc(5): utime and stime are fields 14 and 15; the state, field 3, is the first one here.
  return Number(fields[11]) + Number(fields[12])
}

/** Looks again and again until `holds`; rejects after `withinMs`, which only a fault should need. */
export async function until(what: string, holds: () => boolean, withinMs = 30_000): Promise<void> {
  for (const deadline = performance.now() + withinMs; !holds(); await sleep(20)) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${withinMs} ms`)
  }
}

/** Resolved when no process has `token` in its command line. */
export function untilGone(token: string, withinMs?: number): Promise<void> {
  return until(`processes with ${token} are gone`, () => processesWith(token).length === 0, withinMs)
}

/** Resolved when `count` processes have `token` in their command line. */
export function untilThere(token: string, count: number): Promise<void> {
  return until(`${count} processes with ${token}`, () => processesWith(token).length >= count)
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It went by itself meanwhile.
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
