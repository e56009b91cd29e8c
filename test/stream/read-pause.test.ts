import t from 'tap'
import { Ring } from '../../src/ring/ring.ts'
import { readPauseMs } from '../../src/stream/read-pause.ts'

/** A ring with this number of bytes, one second by default. */
function ringOf(bytes: number, durationUs = 1_000_000): Ring {
  const ring = new Ring({ frames: 10 })
  ring.push({ bytes: Buffer.alloc(bytes), durationUs })
  return ring
}

t.test('does not read a source until the next round, or until its pipe is full', async (t) => {
  t.equal(readPauseMs(ringOf(16_000), 200), 200)
  t.equal(readPauseMs(ringOf(163_840), 200), 100)
})

t.test('continues to read a source when a round is near, or its rate is not known', async (t) => {
  t.equal(readPauseMs(ringOf(16_000), 0), 0)
  t.equal(readPauseMs(ringOf(16_000), 19), 0)
  t.equal(readPauseMs(ringOf(16_000, 0), 200), 0)
})
