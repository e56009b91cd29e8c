/**
 * Writes the stream of the benches to standard output: the given number of frames as fast as they are read, and then each frame when
 * it is due.
 */

import { once } from 'node:events'
import { createFrameClock, makeFrames } from './frames.ts'

/** Frames of one write. */
const PIECE = 1000

const past = Number(process.argv[2])
process.stdout.on('error', () => process.exit())
for (let first = 0; first < past; first += PIECE) {
  if (!process.stdout.write(makeFrames(first, Math.min(PIECE, past - first)))) await once(process.stdout, 'drain')
}
const frames = createFrameClock(past)
function feed(): void {
  const due = frames.due()
  if (due.length > 0) process.stdout.write(due)
  setTimeout(feed, Math.max(1, frames.nextMs()))
}
feed()
