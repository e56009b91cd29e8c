import t from 'tap'
import { startOf } from '../../src/ring/cursor.ts'
import { Ring } from '../../src/ring/ring.ts'
import { burstBackTo } from '../../src/transport/reach-back.ts'

function ringOf(durations: readonly number[], frames = 64): Ring {
  const ring = new Ring({ frames })
  for (const durationUs of durations) ring.push({ bytes: Buffer.alloc(10), durationUs })
  return ring
}

function beginning(frame: number, ring: Ring): number {
  return startOf(ring, { us: (burstBackTo(frame, ring) ?? 0) * 1000, bytes: 0, mostUs: 0 }, 0)
}

t.test('a burst back to a frame begins with this very frame', async (t) => {
  // A third of a millisecond has no finite binary representation.
  const ring = ringOf(Array.from({ length: 40 }, (_, i) => (1000 * (1 + (i % 5))) / 3))
  for (let frame = 0; frame < 40; frame++) t.equal(beginning(frame, ring), frame)
})

t.test('of frames that have left the ring, it begins with the oldest', async (t) => {
  const ring = ringOf(
    Array.from({ length: 20 }, () => 26_000),
    8,
  )
  t.equal(beginning(3, ring), 12)
})

t.test('a frame that is still to come is begun with as soon as it is there', async (t) => {
  const ring = ringOf([26_000, 26_000])
  t.equal(burstBackTo(2, ring), 0)
  t.equal(burstBackTo(0, ringOf([])), 0)
})

t.test('a frame that is far off says nothing', async (t) => {
  t.equal(burstBackTo(3, ringOf([26_000, 26_000])), undefined)
})
