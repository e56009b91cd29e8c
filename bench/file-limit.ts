/** Maximum number of listeners that the machine allows a process. */

import { execa } from 'execa'

/** Files that a server and a load process need besides one for each listener. */
const SPARE_FILES = 200

/** @returns the hard limit of open files, to which Node raises its own; infinite where there is none. */
export async function fileLimit(): Promise<number> {
  const { stdout } = await execa('sh', ['-c', 'ulimit -Hn'])
  return stdout === 'unlimited' ? Number.POSITIVE_INFINITY : Number(stdout)
}

/** Returns whether this number of listeners is possible. */
export function fits(listeners: number, limit: number): boolean {
  return listeners + SPARE_FILES <= limit
}
