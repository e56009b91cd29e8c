/** Memory of streams without source and listeners, and the time until they listen. */

import { setTimeout as sleep } from 'node:timers/promises'
import { HEAP_PROBE, heldAfterCollection, memory } from './process-usage.ts'
import { startStreamserve, stationFile } from './servers.ts'

/** Time in which a program at rest has completed its start, in milliseconds. */
const QUIET_MS = 1000

/** A program at rest. */
export interface Idle {
  /** Heap and other memory of JavaScript without garbage, in kB. */
  readonly heldKb: number
  /** Memory of the process without files, in kB. */
  readonly anonymousKb: number
  /** From the start of the process until it listens. */
  readonly startSeconds: number
}

/** Starts a program whose streams have neither source nor listeners, measures it and stops it. */
export async function measureIdle(streams: number): Promise<Idle> {
  const sections = Array.from({ length: streams }, () => ['exec cat', 'frame-filter mp3'])
  const file = stationFile([], sections)
  const startedMs = performance.now()
  const server = await startStreamserve(['-config', file], [HEAP_PROBE])
  const startSeconds = (performance.now() - startedMs) / 1000
  try {
    await sleep(QUIET_MS)
    const heldKb = await heldAfterCollection(server.process)
    // V8 returns the memory of garbage some time later.
    await sleep(QUIET_MS)
    await heldAfterCollection(server.process)
    await sleep(QUIET_MS)
    return { heldKb, anonymousKb: memory(server.process.pid).anonymousKb, startSeconds }
  } finally {
    await server.process.stop()
  }
}
