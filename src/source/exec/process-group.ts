import { readdir, readFile } from 'node:fs/promises'
import { type Clock, pause } from '../../system/clock.ts'

/** Time between SIGTERM and SIGKILL, in milliseconds. */
const KILL_AFTER_MS = 5_000
/** Maximum wait after SIGKILL, in milliseconds: a process that is left then hangs in the kernel. */
const GIVE_UP_AFTER_MS = 1_000

/** Sends a signal to every process of a group that this user may signal. @returns false when the group is gone. */
export function signalGroup(pgid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pgid, name)
  } catch (error) {
    // EPERM: the process exists, but runs as another user and cannot be signalled.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** Ends all processes of a group: SIGTERM, and after KILL_AFTER_MS SIGKILL for the remaining ones. */
export async function endGroup(pgid: number, clock: Clock): Promise<void> {
  if (!signalGroup(pgid, 'SIGTERM')) return
  // A stopped process handles SIGTERM only after it is continued.
  signalGroup(pgid, 'SIGCONT')
  if (await isGone(pgid, clock, KILL_AFTER_MS)) return
  signalGroup(pgid, 'SIGKILL')
  await isGone(pgid, clock, GIVE_UP_AFTER_MS)
}

async function isGone(pgid: number, clock: Clock, withinMs: number): Promise<boolean> {
  const deadline = clock.now() + withinMs
  for (let waitMs = 5; clock.now() < deadline; waitMs = Math.min(waitMs * 2, 100)) {
    if (!signalGroup(pgid, 0) || !(await hasLiveMember(pgid))) return true
    await pause(clock, waitMs)
  }
  return !signalGroup(pgid, 0)
}

/**
 * Zombies still accept signals until they are reaped. Orphans are reaped by process 1, in a container perhaps never. Without
 * /proc the group counts as alive.
 */
async function hasLiveMember(pgid: number): Promise<boolean> {
  const entries = await readdir('/proc').catch(() => [])
  const pids = entries.filter((name) => /^\d+$/.test(name))
  if (pids.length === 0) return true
  const alive = await Promise.all(pids.map((pid) => isLiveMember(pid, pgid)))
  return alive.includes(true)
}

async function isLiveMember(pid: string, pgid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '')
  // proc(5): pid (comm) state ppid pgrp ...; comm may contain blanks and brackets.
  const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(group) === pgid && state !== 'Z' && state !== 'X'
}
