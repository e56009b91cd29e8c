/**
 * Preloaded into a server: on SIGUSR2 it collects garbage and prints the memory that JavaScript still holds, in kB, buffers
 * included.
 */

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collectGarbage: unknown = runInNewContext('gc')

process.on('SIGUSR2', () => {
  if (typeof collectGarbage === 'function') collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  console.log(`held=${Math.round((heapUsed + external) / 1024)}`)
})
