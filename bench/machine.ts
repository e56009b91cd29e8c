/** The machine and programs that were measured. */

import { availableParallelism, cpus, release, totalmem, type } from 'node:os'
import { compiled } from './compiled.ts'
import { icecastVersion } from './icecast.ts'

export interface Machine {
  readonly node: string
  readonly system: string
  readonly processor: string
  readonly cores: number
  readonly memoryGb: number
  readonly icecast: string | undefined
  /** Language of the listeners and the floor. */
  readonly language: 'C' | 'Node'
}

export async function thisMachine(): Promise<Machine> {
  return {
    node: process.version,
    system: `${type()} ${release()}`,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 1e9),
    icecast: await icecastVersion(),
    language: (await compiled('listeners')) === undefined ? 'Node' : 'C',
  }
}
