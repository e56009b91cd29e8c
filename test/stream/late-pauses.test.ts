import t from 'tap'
import { createMp3 } from '../../filters/mpeg/mp3.ts'
import { streamOptions } from '../../src/program/stream-options.ts'
import { PushSource } from '../../src/source/push.ts'
import { Stream } from '../../src/stream/stream.ts'
import { mpegFrames } from '../filters/made-up.ts'
import { keepLog } from '../kept-log.ts'
import { createManualClock } from '../manual-clock.ts'
import { streamPlan } from '../plans.ts'

/** Duration of a frame, in milliseconds. */
const FRAME_MS = 1152 / 44.1
const FRAMES = 1_000

t.test('a source is read in time although pauses end late, as on a busy machine', async (t) => {
  const clock = createManualClock()
  const busy = {
    now: () => clock.now(),
    after: (ms: number, then: () => void) => clock.after(ms === 80 ? 300 : ms, then),
  }
  const source = new PushSource('a test')
  const plan = streamPlan('-path', '/dev/null', '-frame-filter', 'mp3')
  const stream = new Stream(
    plan,
    source,
    { ...streamOptions(plan, createMp3, source), mayPause: true },
    busy,
    keepLog().logger,
  )
  stream.watch({
    pauseMs: 80,
    frameCame() {},
    chunkEnded() {},
    formatChanged() {},
    openingEnded() {},
    sourceRefused() {},
    streamFinished() {},
  })
  t.teardown(() => stream.stop('the test is over'))
  stream.hold()
  const feed = source.begin({ peer: { kind: 'publisher', name: 'a test' }, drained() {}, ended() {} })
  for (const frame of mpegFrames(FRAMES, 1)) {
    feed.push(frame)
    await clock.advance(FRAME_MS)
  }
  t.ok(FRAMES - stream.ring.next <= 300 / FRAME_MS + 1, `${stream.ring.next} of ${FRAMES} frames`)
})
