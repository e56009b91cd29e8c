import t from 'tap'
import type { Start } from '../../src/delivery/start.ts'
import { deliveryOf, MemoryClient } from './memory-client.ts'
import { MemoryStream } from './memory-stream.ts'

/** Frames that a listener with this start receives at once, from a ring of `slots` frames after `count` have passed. */
function framesOf(start: Start, count: number, { slots = 64, durationUs = 26_000, joinFrom = 0 } = {}): number[] {
  const stream = new MemoryStream(slots)
  stream.take(
    Array.from({ length: count }, () => 0),
    durationUs,
  )
  stream.joinFrom = joinFrom
  const client = new MemoryClient()
  deliveryOf(stream).join(client, start)
  return [...client.text.matchAll(/<(\d+)>/g)].map(([, frame]) => Number(frame))
}

t.test('a listener starts at the very frame that it requests, whatever frames last', async (t) => {
  // A third of a millisecond has no finite binary representation; raw frames have no duration.
  for (const durationUs of [1000 / 3, 26_000, 0]) {
    for (let frame = 0; frame < 40; frame++) {
      // In this stream, listeners cannot start at every third frame.
      const first = frame % 3 === 2 ? frame + 1 : frame
      t.equal(framesOf({ frame }, 41, { durationUs })[0], first)
    }
  }
})

t.test(
  'of frames that have left the ring, or are of an earlier opening, a listener starts at the oldest',
  async (t) => {
    t.equal(framesOf({ frame: 3 }, 20, { slots: 8 })[0], 12)
    t.equal(framesOf({ frame: 3 }, 20, { joinFrom: 9 })[0], 9)
  },
)

t.test('a listener that requests the frame after the newest starts with it once it is there', async (t) => {
  const stream = new MemoryStream(64)
  stream.take([0, 0, 0])
  const delivery = deliveryOf(stream)
  const [client, first] = [new MemoryClient(), new MemoryClient()]
  delivery.join(client, { frame: 3 })
  t.equal(client.text, '')
  stream.take([0, 0])
  t.equal(client.text, '[header]{3}<3><4>')
  const empty = new MemoryStream(64)
  deliveryOf(empty).join(first, { frame: 0 })
  empty.take([0])
  t.equal(first.text, '[header]{0}<0>')
})

t.test('a frame that waits for the next round is not sent twice to a listener that starts behind it', async (t) => {
  const stream = new MemoryStream(64)
  const delivery = deliveryOf(stream)
  const [first, second] = [new MemoryClient(), new MemoryClient()]
  delivery.join(first)
  stream.take([0])
  // Frames of a chunk that has not ended: no round has written them.
  stream.push(0)
  stream.push(0)
  delivery.join(second, { frame: 3 })
  stream.take([0, 0])
  t.equal(second.text, '[header]{3}<3><4>')
  t.equal(first.text, '[header]{0}<0><1><2><3><4>')
})

t.test('a frame that is further ahead is ignored', async (t) => {
  t.strictSame(framesOf({ frame: 21, burstMs: 100 }, 20), framesOf({ burstMs: 100 }, 20))
  t.strictSame(framesOf({ frame: 21 }, 20), framesOf({}, 20))
})

t.test(
  'listeners that wait for the first frames of a hub, those of the last seconds, get a burst of them',
  async (t) => {
    const FRAME_US = 500_000
    const stream = new MemoryStream(64, undefined, [{ kind: 'hub', name: 'radio', relay: undefined }])
    const delivery = deliveryOf(stream)
    const [short, whole, gone] = [new MemoryClient(), new MemoryClient(), new MemoryClient()]
    delivery.join(short, { burstMs: 1_000 })
    delivery.join(whole, { burstMs: 60_000 })
    delivery.join(gone, { burstMs: 1_000 })
    gone.end()
    // More than is written at once within a chunk.
    stream.take(
      Array.from({ length: 20 }, () => 20_000),
      FRAME_US,
    )
    stream.take([0], FRAME_US)
    t.strictSame(numbersIn(short), [18, 19, 20])
    t.equal(numbersIn(whole)[0], 0)
    t.equal(gone.text, '')
  },
)

/** Returns the numbers of the frames that a client has received. */
function numbersIn({ text }: MemoryClient): number[] {
  return [...text.matchAll(/<(\d+)/g)].map(([, number]) => Number(number))
}
