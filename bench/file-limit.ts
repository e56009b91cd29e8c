/** How many listeners the machine lets a process have. */

import { execa } from 'execa'

/** What a server and a process of listeners need besides one file for each listener. */
const SPARE_FILES = 200

/** @returns the hard limit of open files, which Node makes its own; infinite where there is none. */
export async function fileLimit(): Promise<number> {
  const { stdout } = await execa('sh', ['-c', 'ulimit -Hn'])
  return stdout === 'unlimited' ? Number.POSITIVE_INFINITY : Number(stdout)
}

/** Whether so many listeners can be had. */
export function fits(listeners: number, limit: number): boolean {
  return listeners + SPARE_FILES <= limit
}
