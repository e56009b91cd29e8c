/**
 * Feeds the FIFO that simulates a sound card: `node feed-sound-card.js FIFO`. It writes exactly one period at a time, in real
 * time: only then does arecord's output consist of exactly the same bytes.
 */
import { openSync, writeSync } from 'node:fs'

/** Period of `arecord -f cd`, in samples of both channels: an eighth of a second. */
const PERIOD = 5512
const RATE = 44_100

const [, , fifo = ''] = process.argv
// Opening it waits for a reader.
const output = openSync(fifo, 'w')
const startedAt = performance.now()
let played = 0

function play(): void {
  const bytes = Buffer.alloc(4 * PERIOD)
  for (let i = 0; i < PERIOD; i++) bytes.writeUInt32LE(played + i, 4 * i)
  try {
    writeSync(output, bytes)
  } catch (error) {
    // The reader has closed.
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return
    throw error
  }
  played += PERIOD
  setTimeout(play, Math.max(0, startedAt + (played / RATE) * 1000 - performance.now()))
}

play()
