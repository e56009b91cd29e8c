/**
 * Loaded into a server before its own code: on SIGUSR2 it collects garbage and prints what is left, in kB: what JavaScript
 * holds, buffers included, and the room that V8 keeps for more.
 */

import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collectGarbage: unknown = runInNewContext('gc')

process.on('SIGUSR2', () => {
  if (typeof collectGarbage === 'function') collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  const room = getHeapStatistics().total_physical_size - heapUsed
  console.log(`held=${Math.round((heapUsed + external) / 1024)} room=${Math.round(room / 1024)}`)
})
