import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createFifoSource } from '../source/pipe/fifo.ts'
import type { Clock } from '../system/clock.ts'
import { systemPath } from '../text/byte-path.ts'
import type { Names } from './streams-below.ts'

/** Returns the names of the FIFOs that are directly in a directory. */
export function fifoNames(directory: string, clock: Clock): Names {
  const fileOf = (name: string) => join(directory, name)
  return {
    whenGone: 'FIFO removed',
    async all() {
      const entries = await readdir(systemPath(directory), { withFileTypes: true }).catch(() => [])
      return entries.filter((entry) => entry.isFIFO()).map(({ name }) => name)
    },
    has: async (name) => isFileName(name) && isFifo(fileOf(name)),
    source: (name) => createFifoSource(fileOf(name), 'refused', clock),
  }
}

function isFileName(name: string): boolean {
  return name !== '.' && name !== '..' && !/[/\0]/.test(name)
}

/** A link might lead out of the directory, so it is not followed. */
async function isFifo(file: string): Promise<boolean> {
  const entry = await lstat(systemPath(file)).catch(() => undefined)
  return entry?.isFIFO() === true
}
