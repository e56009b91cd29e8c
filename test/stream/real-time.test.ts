import t from 'tap'
import type { Frame } from '../../filters/frame-filter.ts'
import { createRealTime } from '../../src/stream/real-time.ts'
import { createManualClock } from '../manual-clock.ts'

/** Frames of this duration, in milliseconds. */
function framesOf(count: number, ms: number): Frame[] {
  return Array.from({ length: count }, () => ({ bytes: Buffer.alloc(1), durationUs: ms * 1000 }))
}

/** A timekeeper, and the output time of each frame. */
function keepTime(aheadMs: number) {
  const clock = createManualClock(0)
  const cameAt: number[] = []
  let lumps = 0
  const out = () => void cameAt.push(clock.now())
  const realTime = createRealTime(aheadMs, clock, out, () => void lumps++)
  return { clock, cameAt, realTime, lumps: () => lumps }
}

const FOREVER = new AbortController().signal

t.test('emits frames in real time, and the first ones at once for players that wait for them', async (t) => {
  const { clock, cameAt, realTime } = keepTime(100)
  void realTime.play(framesOf(10, 25), FOREVER)
  await clock.advance(0)
  t.strictSame(cameAt, [0, 0, 0, 0, 0], '100 ms, and the one that is due now')
  await clock.advance(10_000)
  t.strictSame(cameAt.slice(5), [25, 50, 75, 100, 125])
})

t.test('emits short frames together, about every 20 ms', async (t) => {
  const { clock, cameAt, realTime, lumps } = keepTime(0)
  void realTime.play(framesOf(1000, 1), FOREVER)
  await clock.advance(2000)
  t.equal(cameAt.length, 1000)
  t.ok(lumps() <= 51, `${lumps()} lumps`)
  const early = cameAt.map((at, i) => i - at)
  t.ok(Math.max(...early) <= 20 && Math.min(...early) >= 0, 'never late, and at most 20 ms early')
})

t.test('accumulates no error over an hour of files, for any opening times', async (t) => {
  const { clock, cameAt, realTime } = keepTime(0)
  // 26.122449 ms is a frame of MP3 at 44.1 kHz.
  const frameMs = 1152 / 44.1
  const files = 40
  const frames = Math.round(3_600_000 / frameMs / files)
  const played = (async () => {
    for (let file = 0; file < files; file++) {
      await realTime.play(framesOf(frames, frameMs), FOREVER)
      await new Promise<void>((resolve) => clock.after(37, resolve))
    }
  })()
  await clock.advance(4_000_000)
  await played
  t.equal(cameAt.length, files * frames)
  const last = cameAt.at(-1) ?? 0
  t.ok(Math.abs(last - (cameAt.length - 1) * frameMs) < 30, `off by ${last - (cameAt.length - 1) * frameMs} ms`)
})

t.test('starts again after a long pause, without making up for it', async (t) => {
  const { clock, cameAt, realTime } = keepTime(50)
  await Promise.all([realTime.play(framesOf(2, 25), FOREVER), clock.advance(100)])
  await clock.advance(60_000)
  const before = cameAt.length
  void realTime.play(framesOf(100, 25), FOREVER)
  await clock.advance(0)
  t.equal(cameAt.length - before, 3)
})

t.test('begins anew after a rest, although an opening has ended in between', async (t) => {
  const { clock, cameAt, realTime } = keepTime(100)
  void realTime.play(framesOf(4, 25), FOREVER)
  await clock.advance(100)
  realTime.rest()
  // What follows the stop of a source: frames that are dropped, and none.
  await realTime.play(framesOf(4, 25), AbortSignal.abort())
  await realTime.play([], FOREVER)
  await clock.advance(5_000)
  const before = cameAt.length
  void realTime.play(framesOf(100, 25), FOREVER)
  await clock.advance(0)
  t.equal(cameAt.length - before, 5, '100 ms, and the one that is due now; not the 5 s in which nothing was wanted')
})

t.test('ends at once at an abort, and drops the rest', async (t) => {
  const { clock, cameAt, realTime } = keepTime(0)
  const wish = new AbortController()
  const played = realTime.play(framesOf(100, 25), wish.signal)
  await clock.advance(50)
  wish.abort()
  await played
  const before = cameAt.length
  await clock.advance(10_000)
  t.strictSame([before, cameAt.length], [3, 3])
})

t.test('emits frames of unknown duration at once', async (t) => {
  const { clock, cameAt, realTime } = keepTime(0)
  await Promise.all([realTime.play(framesOf(1000, 0), FOREVER), clock.advance(0)])
  t.equal(cameAt.length, 1000)
})
