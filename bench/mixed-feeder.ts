/** Writes streams of all kinds, each piece when it is due, to FIFOs: `mixed-feeder.js KIND=FIFO...`. They are due one after the other. */

import { openSync, writeSync } from 'node:fs'
import { FRAME_MS } from './frames.ts'
import { type Kind, makePiece } from './mixed-streams.ts'

const targets = process.argv.slice(2).map((word) => {
  const [kind = '', fifo = ''] = word.split('=')
  return { kind: kind as Kind, fifo: openSync(fifo, 'w'), next: 0 }
})
const startedMs = performance.now()

function feed(): void {
  const now = performance.now() - startedMs
  let nextMs = Number.POSITIVE_INFINITY
  for (const [i, target] of targets.entries()) {
    const phaseMs = (i * FRAME_MS) / targets.length
    for (; (target.next + 1) * FRAME_MS + phaseMs <= now; target.next++) {
      writeSync(target.fifo, makePiece(target.kind, target.next, process.hrtime.bigint()))
    }
    nextMs = Math.min(nextMs, (target.next + 1) * FRAME_MS + phaseMs)
  }
  setTimeout(feed, Math.max(0, nextMs - (performance.now() - startedMs)))
}
feed()
