/** How often a process wakes up and enters the kernel, from /proc and by strace of Linux. */

import { readdirSync, readFileSync } from 'node:fs'
import { execa } from 'execa'

/** Total number of context switches of all threads of a process, voluntary and not. */
export function contextSwitches(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`)
  return threads.reduce(
    (sum, thread) => sum + switchesIn(readFileSync(`/proc/${pid}/task/${thread}/status`, 'latin1')),
    0,
  )
}

function switchesIn(status: string): number {
  return [...status.matchAll(/ctxt_switches:\s*(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0)
}

/** Number of system calls of all threads of a process within `seconds`; undefined where they cannot be traced. */
export async function systemCalls(pid: number, seconds: number): Promise<number | undefined> {
  const args = ['-s', 'INT', String(seconds), 'strace', '-c', '-f', '-p', String(pid)]
  const { stderr } = await execa('timeout', args, { reject: false })
  const total = /^ *100\.00 .* total$/m.exec(stderr)?.[0].trim().split(/ +/)
  // The column of failed calls is empty where none has failed.
  return total === undefined ? undefined : Number(total[3])
}
