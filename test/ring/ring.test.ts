import fc from 'fast-check'
import t from 'tap'
import type { Frame } from '../../filters/frame-filter.ts'
import { ELASTIC_SIZE, Ring, type RingSize, sizeReaching } from '../../src/ring/ring.ts'
import { FRAME_COST, RingMemory } from '../../src/ring/ring-memory.ts'

/** A model of the ring: a plain array that drops nothing. */
class Model {
  readonly pushed: Frame[] = []
  readonly #size: RingSize
  readonly #limit: number

  /** @param limit maximum memory of the ring, in bytes. */
  constructor(size: RingSize, limit: number) {
    this.#size = size
    this.#limit = limit
  }

  /** The first frame that the ring should hold, found from the newest backwards. */
  get first(): number {
    let at = this.pushed.length
    while (at > 0 && !this.#isEnough(this.pushed.slice(at)) && this.#fits(this.pushed.slice(at - 1))) at--
    return this.pushed.length === 0 ? 0 : Math.min(at, this.pushed.length - 1)
  }

  #isEnough(held: readonly Frame[]): boolean {
    if ('frames' in this.#size) return held.length >= this.#size.frames
    const timed = (this.pushed.at(-1)?.durationUs ?? 0) > 0
    return bytesOf(held) >= this.#size.bytes && (!timed || usOf(held) >= this.#size.us)
  }

  #fits(held: readonly Frame[]): boolean {
    if ('frames' in this.#size) return true
    return bytesOf(held) + held.length * FRAME_COST <= this.#limit && held.length <= this.#size.maxFrames
  }
}

function bytesOf(frames: readonly Frame[]): number {
  return frames.reduce((sum, { bytes }) => sum + bytes.length, 0)
}

function usOf(frames: readonly Frame[]): number {
  return frames.reduce((sum, { durationUs }) => sum + durationUs, 0)
}

/** Frames of one stream: all of them have a duration, or none does. */
const timedFrames = fc.array(fc.record({ length: fc.integer({ min: 1, max: 90 }), us: fc.integer({ min: 1, max: 9 }) }))
const untimedFrames = fc.array(fc.record({ length: fc.integer({ min: 1, max: 90 }), us: fc.constant(0) }))
const streams = fc.oneof({ withCrossShrink: true }, timedFrames, untimedFrames)

const sizes: fc.Arbitrary<RingSize> = fc.oneof(
  fc.record({ frames: fc.integer({ min: 3, max: 40 }) }),
  fc.record({ bytes: fc.integer({ min: 1, max: 400 }), us: fc.integer({ min: 0, max: 60 }) }).chain(({ bytes, us }) =>
    fc.record({
      bytes: fc.constant(bytes),
      us: fc.constant(us),
      maxFrames: fc.integer({ min: 3, max: 40 }),
    }),
  ),
)

/** From too little for a frame to more than any ring in these tests holds. */
const limits = fc.integer({ min: 1, max: 40 * FRAME_COST })

function frameOf(seq: number, length: number, durationUs: number): Frame {
  return { bytes: Buffer.alloc(length, seq & 0xff), durationUs }
}

t.test('holds exactly the newest frames under their numbers, for any size', async (t) => {
  fc.assert(
    fc.property(sizes, limits, streams, (size, limit, stream) => {
      const ring = new Ring(size, new RingMemory(limit))
      const model = new Model(size, limit)
      for (const [seq, { length, us }] of stream.entries()) {
        const frame = frameOf(seq, length, us)
        ring.push(frame)
        model.pushed.push(frame)
        if (ring.next !== seq + 1 || ring.first !== model.first) return false
        for (let at = 0; at <= seq + 1; at++) {
          if (ring.at(at) !== (at >= model.first ? model.pushed[at] : undefined)) return false
        }
        const held = model.pushed.slice(model.first)
        if (ring.bytes !== bytesOf(held) || ring.us !== usOf(held)) return false
      }
      return true
    }),
    { numRuns: 300 },
  )
  t.pass('as the model says')
})

t.test('gives a reader the pushed bytes as whole frames in order, for any pushes and laps in between', async (t) => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('push' as const), count: fc.integer({ min: 1, max: 25 }) }),
      fc.record({ kind: fc.constant('read' as const), count: fc.integer({ min: 1, max: 25 }) }),
    ),
    { maxLength: 60 },
  )
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 20 }), steps, (frames, script) => {
      const ring = new Ring({ frames })
      const taken: { seq: number; frame: Frame }[] = []
      let cursor = 0
      let skipped = 0
      let made = 0
      for (const { kind, count } of script) {
        for (let i = 0; i < count; i++) {
          if (kind === 'push') ring.push(frameOf(made, 1 + (made++ % 7), 0))
          else if (cursor < ring.next) {
            // Lapped: skip to the newest frame, as delivery does.
            if (cursor < ring.first) {
              skipped += ring.next - 1 - cursor
              cursor = ring.next - 1
            }
            const frame = ring.at(cursor)
            if (frame === undefined) return false
            taken.push({ seq: cursor++, frame })
          }
        }
      }
      const ordered = taken.every(({ seq }, at) => seq > (taken[at - 1]?.seq ?? -1))
      // Compared only now, after all laps: bytes that a reader has received must not have changed.
      const whole = taken.every(({ seq, frame }) => frame.bytes.equals(Buffer.alloc(1 + (seq % 7), seq & 0xff)))
      return ordered && whole && taken.length + skipped === cursor
    }),
    { numRuns: 300 },
  )
  t.pass('in order, whole, unchanged')
})

t.test('holds references: returns the same frame object that was pushed', async (t) => {
  const ring = new Ring({ frames: 3 })
  const chunk = Buffer.from('abcdef')
  const frames = [0, 2, 4].map((at) => ({ bytes: chunk.subarray(at, at + 2), durationUs: 0 }))
  for (const frame of frames) ring.push(frame)
  t.equal(ring.at(0), frames[0])
  t.equal(ring.at(2)?.bytes.buffer, chunk.buffer)
})

t.test('releases the frame of an overwritten slot without changing its bytes', async (t) => {
  const ring = new Ring({ frames: 3 })
  for (let seq = 0; seq < 3; seq++) ring.push(frameOf(seq, 4, 0))
  const kept = ring.at(0)
  for (let seq = 3; seq < 9; seq++) ring.push(frameOf(seq, 4, 0))
  t.equal(ring.at(0), undefined)
  t.same(kept?.bytes, Buffer.alloc(4, 0))
})

t.test('holds at least 512 KiB by default, and at least 10 s when durations are known', async (t) => {
  const ring = new Ring(ELASTIC_SIZE)
  // 16 kB/s in frames of 26 ms: 512 KiB are 32 s.
  for (let seq = 0; seq < 3_000; seq++) ring.push(frameOf(seq, 418, 26_122))
  t.ok(ring.bytes >= 512 * 1024, `${ring.bytes} bytes`)
  t.ok(ring.bytes < 512 * 1024 + 418)
  const fast = new Ring(ELASTIC_SIZE)
  // 400 kB/s: 10 s are 4 MB.
  for (let seq = 0; seq < 3_000; seq++) fast.push(frameOf(seq, 4_000, 10_000))
  t.ok(fast.us >= 10_000_000, `${fast.us} us`)
  t.ok(fast.us < 10_010_000)
})

t.test('an elastic ring holds a given number of bytes when its frames have no durations', async (t) => {
  const ring = new Ring({ bytes: 100, us: 1e7, maxFrames: 500 }, new RingMemory(100 * (10 + FRAME_COST)))
  for (let seq = 0; seq < 100; seq++) ring.push(frameOf(seq, 10, 0))
  t.equal(ring.bytes, 100)
  ring.keepBytes(300)
  for (let seq = 0; seq < 100; seq++) ring.push(frameOf(seq, 10, 0))
  t.equal(ring.bytes, 300)
  ring.keepBytes(1e9)
  for (let seq = 0; seq < 1_000; seq++) ring.push(frameOf(seq, 10, 0))
  t.equal(ring.bytes, 1_000, 'never more than its memory')
  ring.keepBytes(50)
  ring.push(frameOf(0, 10, 0))
  t.equal(ring.bytes, 50, 'and less again when the rate falls')
})

t.test('a ring of a fixed size holds exactly that number of frames, for any bytes and durations', async (t) => {
  for (const frames of [3, 4, 64, 1_000, 1_024]) {
    const ring = new Ring({ frames })
    ring.keepBytes(1)
    for (let seq = 0; seq < 3 * frames; seq++) ring.push(frameOf(seq, 1 + (seq % 300), seq % 5))
    t.equal(ring.next - ring.first, frames)
  }
})

t.test('an elastic ring holds a frame above its maximum size alone', async (t) => {
  const ring = new Ring({ bytes: 10, us: 0, maxFrames: 500 }, new RingMemory(20))
  ring.push(frameOf(0, 5, 0))
  ring.push(frameOf(1, 50, 0))
  t.equal(ring.first, 1)
  t.equal(ring.at(1)?.bytes.length, 50)
})

t.test('a quarter of the frames of a ring may wait unsent', async (t) => {
  t.equal(new Ring({ frames: 3 }).quarter, 1)
  t.equal(new Ring({ frames: 64 }).quarter, 16)
  t.equal(new Ring(ELASTIC_SIZE).quarter, 256 * 1024)
})

t.test('counts the overhead of each frame when frames are small', async (t) => {
  const limit = 8 * 1024 * 1024
  const ring = new Ring(ELASTIC_SIZE, new RingMemory(limit))
  ring.keepBytes(1e9)
  for (let seq = 0; seq < 200_000; seq++) ring.push(frameOf(seq, 64, 0))
  const frames = ring.next - ring.first
  t.equal(frames, Math.floor(limit / (64 + FRAME_COST)))
})

t.test('gives each ring an equal share when all of them need more than the limit', async (t) => {
  const limit = 1_000 * (64 + FRAME_COST)
  const memory = new RingMemory(limit)
  const rings = Array.from({ length: 4 }, () => new Ring(ELASTIC_SIZE, memory))
  for (const ring of rings) ring.keepBytes(1e9)
  for (let seq = 0; seq < 2_000; seq++) rings[0]?.push(frameOf(seq, 64, 0))
  t.equal((rings[0]?.next ?? 0) - (rings[0]?.first ?? 0), 1_000, 'one ring alone may use all')
  for (let seq = 0; seq < 8_000; seq++) rings[seq % 4]?.push(frameOf(seq, 64, 0))
  for (const ring of rings) t.equal(ring.next - ring.first, 250)
  t.ok(memory.used <= limit)
})

t.test('leaves the memory of a cleared ring to the others', async (t) => {
  const memory = new RingMemory(1_000 * (64 + FRAME_COST))
  const over = new Ring(ELASTIC_SIZE, memory)
  const other = new Ring(ELASTIC_SIZE, memory)
  for (const ring of [over, other]) {
    ring.keepBytes(1e9)
    for (let seq = 0; seq < 1_000; seq++) ring.push(frameOf(seq, 64, 0))
  }
  over.clear()
  t.equal(over.first, over.next)
  for (let seq = 0; seq < 1_000; seq++) other.push(frameOf(seq, 64, 0))
  t.equal(other.next - other.first, 1_000)
  t.equal(memory.rings, 1)
  over.push(frameOf(0, 64, 0))
  t.equal(over.at(1_000)?.bytes.length, 64, 'and goes on under its numbers')
})

t.test('reaches as far back as it is to, also with an hour of short frames', async (t) => {
  const ring = new Ring(sizeReaching(3_600_000), new RingMemory(512 * 1024 * 1024))
  const durationUs = 2_500
  for (let seq = 0; seq < 1_500_000; seq++) ring.push(frameOf(seq, 8, durationUs))
  t.equal(ring.next - ring.first, 3_600_000_000 / durationUs)
})

t.test('reaches less far back when its memory does not suffice', async (t) => {
  const memory = 1_000 * (50 + FRAME_COST)
  const ring = new Ring(sizeReaching(3_600_000), new RingMemory(memory))
  for (let seq = 0; seq < 5_000; seq++) ring.push(frameOf(seq, 50, 20_000))
  t.equal(ring.next - ring.first, 1_000)
})

t.test('reaches back by the rate of the source where frames have no duration', async (t) => {
  const ring = new Ring(sizeReaching(60_000), new RingMemory(64 * 1024 * 1024))
  ring.keepRate(20_000)
  for (let seq = 0; seq < 30_000; seq++) ring.push(frameOf(seq, 100, 0))
  t.equal(ring.bytes, 60 * 20_000)
  t.equal(ring.recentBytes, ELASTIC_SIZE.bytes)
})
