/** Heap of a server that was started with HEAP_PROBE. */

import type { Child } from './child.ts'

/** Preloaded into a server, see `heap-probe.ts`. */
export const HEAP_PROBE = './heap-probe.js'

/** Makes a server collect its garbage. @returns the memory that JavaScript holds then, in kB, buffers included. */
export async function heldAfterCollection(child: Child): Promise<number> {
  const answer = child.says(/^held=(\d+)$/)
  process.kill(child.pid, 'SIGUSR2')
  const [, held] = await answer
  return Number(held)
}
