import { getLogger } from '@logtape/logtape'
import t, { type Test } from 'tap'
import { createMp3 } from '../../filters/mpeg/mp3.ts'
import { streamOptions } from '../../src/program/stream-options.ts'
import { PushSource } from '../../src/source/push.ts'
import { Stream, type StreamOptions } from '../../src/stream/stream.ts'
import { MP3_48K_HEADER, mpegFrames } from '../filters/made-up.ts'
import { createManualClock } from '../manual-clock.ts'
import { streamPlan } from '../plans.ts'

const FRAME_US = (1152 / 44_100) * 1e6

/** A stream whose openings are from the test. */
function open(t: Test, options: Partial<StreamOptions> = { marksEpochs: true }) {
  const clock = createManualClock()
  const source = new PushSource('a test')
  const plan = streamPlan('-path', '/dev/null', '-frame-filter', 'mp3', '-hls', '-hls-segment', '1s')
  const all = { ...streamOptions(plan, createMp3, source), ...options }
  const stream = new Stream(plan, source, all, clock, getLogger('a test'))
  t.teardown(() => stream.stop('the test is over'))
  stream.listenerCame()
  return {
    stream,
    /** Plays an opening of some frames. */
    play: async (frames: readonly Buffer[]) => {
      const feed = source.begin({ peer: { kind: 'publisher', name: 'a test' }, drained() {}, ended() {} })
      feed.push(Buffer.concat(frames))
      feed.end()
      await clock.advance(5_000)
    },
  }
}

t.test('each opening of an origin is an epoch with a name of its own', async (t) => {
  const { stream, play } = open(t)
  const before = Date.now()
  await play(mpegFrames(100, 1))
  await play(mpegFrames(40, 2))
  const [first, second] = stream.epochs.all()
  t.match(first?.mark, { id: /^[0-9a-f]{12}$/, seq: 0, extra: 0, us: 0 })
  t.match(second?.mark, { id: /^[0-9a-f]{12}$/, seq: 100, extra: 0, us: 0 })
  t.not(first?.mark?.id, second?.mark?.id)
  t.ok((first?.mark?.beganAt ?? 0) >= before)
  t.equal(second?.seqShift, 0)
  t.ok(Math.abs((second?.positionAt(stream.timeline.usOf(102)) ?? 0) - 2 * FRAME_US) < 0.01)
  // 100 frames are 2.6 s.
  t.match(first?.mark?.row, { epochs: 0, segments: 0, segmentMs: 1000 })
  t.match(second?.mark?.row, { beganAt: first?.mark?.row?.beganAt, epochs: 1, segments: 3, segmentMs: 1000 })
})

t.test('openings that follow one another are one epoch for other servers', async (t) => {
  const { stream, play } = open(t, { marksEpochs: true, goesOn: () => true })
  await play(mpegFrames(100, 1))
  await play(mpegFrames(40, 2))
  await play(mpegFrames(40, 2, MP3_48K_HEADER, 384))
  const [first, second, other] = stream.epochs.all()
  t.equal(second?.mark?.id, first?.mark?.id)
  t.equal(second?.mark?.seq, 100)
  t.ok(Math.abs((second?.mark?.us ?? 0) - 100 * FRAME_US) < 0.01)
  t.equal(second?.mark?.beganAt, first?.mark?.beganAt)
  t.not(other?.mark?.id, first?.mark?.id, 'another format')
  t.match(other?.mark?.row, { epochs: 1, segments: 4 })
})

t.test('a stream that no other server gets has no marks', async (t) => {
  const { stream, play } = open(t, {})
  await play(mpegFrames(10, 1))
  t.equal(stream.epochs.newest?.mark, undefined)
  t.equal(stream.seqShift, 0)
})
