import t from 'tap'
import { createStreamClock } from '../../../src/endpoints/player/stream-clock.ts'
import { Ring } from '../../../src/ring/ring.ts'

function push(ring: Ring, frames: number, durationUs = 20_000): void {
  for (let i = 0; i < frames; i++) ring.push({ bytes: Buffer.alloc(1), durationUs })
}

t.test('measures a stream by the durations of its frames', async (t) => {
  const ring = new Ring({ frames: 10 })
  const clock = createStreamClock(ring)
  t.equal(clock.newest(), 0)
  push(ring, 3)
  push(ring, 1, 5_000)
  t.equal(clock.newest(), 65)
  t.equal(clock.newest(), 65)
  t.equal(clock.momentOf(3), 60)
  t.equal(clock.momentOf(4), 65, 'the frame that comes next')
})

t.test('counts frames that have left the ring meanwhile', async (t) => {
  const ring = new Ring({ frames: 10 })
  const clock = createStreamClock(ring)
  push(ring, 1_000)
  t.equal(clock.newest(), 20_000)
  t.equal(clock.momentOf(0), 19_800, 'the oldest there is')
})

t.test('gives each clock its own time line', async (t) => {
  const ring = new Ring({ frames: 10 })
  t.not(createStreamClock(ring).line, createStreamClock(ring).line)
})
