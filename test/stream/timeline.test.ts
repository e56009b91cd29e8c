import t from 'tap'
import { Ring } from '../../src/ring/ring.ts'
import { Timeline } from '../../src/stream/timeline.ts'

const FRAME_US = 20_000

/** A timeline, and a source whose chunks arrive at given times. */
function timelineOf(frames = 1000) {
  const ring = new Ring({ frames })
  const timeline = new Timeline(ring)
  return {
    ring,
    timeline,
    /** Frames arrive together at `now`. */
    arrive: (now: number, count: number, durationUs = FRAME_US): void => {
      for (let i = 0; i < count; i++) {
        ring.push({ bytes: Buffer.alloc(1), durationUs })
        timeline.frameCame(durationUs)
      }
      timeline.chunkEnded(now)
    },
  }
}

t.test('the last frame of a chunk ends when the chunk arrives', async (t) => {
  const { timeline, arrive } = timelineOf()
  arrive(1000, 5)
  t.strictSame(
    [0, 1, 4, 5].map((seq) => timeline.timeOf(seq)),
    [900, 920, 980, 1000],
  )
})

t.test('the division into chunks does not change the times of a source that is in time', async (t) => {
  const [whole, divided] = [timelineOf(), timelineOf()]
  for (let end = 10; end <= 200; end += 10) whole.arrive(end * 20, 10)
  let frames = 0
  for (let i = 0; frames < 200; i++) {
    const count = Math.min(200 - frames, frames === 0 ? 10 : (i % 7) + 1)
    frames += count
    divided.arrive(frames * 20, count)
  }
  for (let seq = 0; seq <= 200; seq += 9) {
    t.ok(Math.abs((whole.timeline.timeOf(seq) ?? 0) - seq * 20) < 0.01, `whole ${seq}`)
    t.ok(Math.abs((divided.timeline.timeOf(seq) ?? 0) - seq * 20) < 0.01, `divided ${seq}`)
  }
})

t.test('a chunk that is late leaves no gap', async (t) => {
  const { timeline, arrive } = timelineOf()
  arrive(1000, 50)
  arrive(2700, 50)
  arrive(3000, 50)
  t.equal(timeline.timeOf(50), 1000)
  t.equal(timeline.timeOf(100), 2000)
  t.equal(timeline.timeOf(150), 3000)
})

t.test('a short gap is known when all chunks of ten seconds are late', async (t) => {
  const { timeline, arrive } = timelineOf(2000)
  arrive(1000, 50)
  for (let now = 2700; now <= 11_700; now += 1000) arrive(now, 50)
  t.equal(timeline.timeOf(499), 9_980)
  t.equal(timeline.timeOf(500), 10_700)
  t.equal(timeline.timeOf(550), 11_700)
})

t.test('a source that was away has a gap', async (t) => {
  const { timeline, arrive } = timelineOf()
  arrive(1000, 50)
  arrive(60_000, 50)
  t.equal(timeline.timeOf(49), 980)
  t.equal(timeline.timeOf(50), 59_000)
})

t.test('times never decrease, and frames are never of the future', async (t) => {
  const { ring, timeline, arrive } = timelineOf()
  // A relay sends what it holds at once, then in time.
  for (const [now, count] of [
    [0, 300],
    [1, 300],
    [21, 1],
    [500, 20],
    [600, 1],
  ] as const) {
    arrive(now, count)
    t.ok((timeline.timeOf(ring.next) ?? Infinity) <= now)
  }
  let last = Number.NEGATIVE_INFINITY
  for (let seq = 0; seq <= ring.next; seq++) {
    const at = timeline.timeOf(seq) ?? Number.NaN
    t.ok(at >= last, `${seq}: ${at} after ${last}`)
    last = at
  }
})

t.test('finds the frame of a time', async (t) => {
  const { ring, timeline, arrive } = timelineOf()
  for (let end = 50; end <= 500; end += 50) arrive(end * 20, 50)
  arrive(60_000, 50)
  for (let seq = 1; seq < 550; seq += 7) t.equal(timeline.seqAt((timeline.timeOf(seq) ?? 0) - 0.001), seq)
  t.equal(timeline.seqAt(-1000), ring.first)
  t.equal(timeline.seqAt(30_000), 500)
  t.equal(timeline.seqAt(99_000), ring.next)
})

t.test('positions stay when frames have left the ring', async (t) => {
  const { ring, timeline, arrive } = timelineOf(100)
  for (let end = 7; end <= 700; end += 7) arrive(end * 20, 7)
  t.ok(ring.first > 500)
  for (let seq = ring.first; seq <= ring.next; seq++) {
    t.equal(timeline.usOf(seq), seq * FRAME_US)
    t.ok(Math.abs((timeline.timeOf(seq) ?? 0) - seq * 20) < 0.01)
  }
})

t.test('frames without a duration have the times of their arrival', async (t) => {
  const { timeline, arrive } = timelineOf()
  for (let i = 0; i < 100; i++) arrive(i * 100, 1, 0)
  for (let i = 0; i < 100; i++) {
    const at = timeline.timeOf(i) ?? Number.NaN
    t.ok(at <= i * 100 && at > i * 100 - 500, `${i}: ${at}`)
  }
})
