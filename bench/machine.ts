/** The machine and programs that were measured. */

import { availableParallelism, cpus, release, totalmem, type } from 'node:os'
import { execa } from 'execa'
import { icecastVersion } from './icecast.ts'

export interface Machine {
  readonly node: string
  readonly system: string
  readonly processor: string
  readonly cores: number
  readonly memoryGb: number
  readonly icecast: string | undefined
}

export async function thisMachine(): Promise<Machine> {
  return {
    node: process.version,
    system: `${type()} ${release()}`,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 1e9),
    icecast: await icecastVersion(),
  }
}

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
