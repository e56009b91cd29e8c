import t from 'tap'
import { createRaw } from '../../filters/raw.ts'
import { streamOptions } from '../../src/program/stream-options.ts'
import { PushSource } from '../../src/source/push.ts'
import { Stream } from '../../src/stream/stream.ts'
import { keepLog } from '../kept-log.ts'
import { createManualClock } from '../manual-clock.ts'
import { streamPlan } from '../plans.ts'

/** Bytes of a tenth of a second. */
const PIECE = 1600

t.test('a watcher that needs frames rarely does not slow a source of small pieces', async (t) => {
  const clock = createManualClock()
  const source = new PushSource('a test')
  const plan = streamPlan('-path', '/dev/null', '-pcm', 's16le:8000:1')
  const stream = new Stream(
    plan,
    source,
    { ...streamOptions(plan, createRaw, source), mayPause: true },
    clock,
    keepLog().logger,
  )
  t.teardown(() => stream.stop('the test is over'))
  const watcher = { formatChanged() {}, openingEnded() {}, sourceRefused() {}, streamFinished() {} }
  let chunks = 0
  stream.watch({ ...watcher, frameCame() {}, chunkEnded: () => void chunks++, pauseMs: 1000 })
  stream.listenerCame()
  const feed = source.begin({ peer: { kind: 'publisher', name: 'a test' }, drained() {}, ended() {} })
  for (let i = 0; i < 600; i++) {
    feed.push(Buffer.alloc(PIECE))
    await clock.advance(100)
  }
  const behind = 600 * PIECE - stream.counters.bytesIn
  t.ok(behind <= 20 * PIECE, `${behind / PIECE} pieces behind`)
  t.ok(chunks <= 600, 'it is read in rounds')
})
