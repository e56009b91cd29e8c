import t from 'tap'
import type { Frame } from '../../filters/frame-filter.ts'
import { GuardedFilter } from '../../filters/guarded-filter.ts'
import { type Feeder, FeederSwitch, type RingEnd } from '../../src/stream/feeder.ts'
import { createRealTime } from '../../src/stream/real-time.ts'
import { Silence } from '../../src/stream/silence.ts'
import { keepLog } from '../kept-log.ts'
import { createManualClock } from '../manual-clock.ts'

const SILENT: Frame = { bytes: Buffer.from('s'), durationUs: 10_000 }

function endWith(silence: (() => Frame) | undefined): RingEnd {
  const filter = { contentType: 'audio/x', skippedBytes: 0, push: () => {}, end: () => {}, ...(silence && { silence }) }
  return { filter: new GuardedFilter('a test', filter), newest: { bytes: Buffer.from('f'), durationUs: 10_000 } }
}

/** A feeder that records its calls in `calls`. */
function feederOf(name: string, calls: string[], canFollow: () => boolean): Feeder {
  return {
    start() {
      calls.push(`${name} start`)
      return canFollow()
    },
    stop: () => void calls.push(`${name} stop`),
  }
}

t.test('the first feeder that can follow writes until the source is back', async (t) => {
  const calls: string[] = []
  let isThere = false
  const feeders = new FeederSwitch([
    feederOf('a', calls, () => isThere),
    feederOf('b', calls, () => true),
    feederOf('c', calls, () => true),
  ])
  const end = endWith(undefined)
  feeders.back()
  feeders.away(end)
  isThere = true
  feeders.away(end)
  t.strictSame(calls.splice(0), ['a start', 'b start'], 'the one that writes is kept')
  feeders.back()
  feeders.back()
  feeders.away(end)
  t.strictSame(calls, ['b stop', 'a start'])
})

t.test('feeders are tried again while none can follow', async (t) => {
  const calls: string[] = []
  const feeders = new FeederSwitch([feederOf('a', calls, () => false)])
  feeders.away(endWith(undefined))
  feeders.away(endWith(undefined))
  feeders.back()
  t.strictSame(calls, ['a start', 'a start'])
})

t.test('silence writes frames in real time until it is stopped, and can start again', async (t) => {
  const clock = createManualClock()
  const written: Frame[] = []
  const realTime = createRealTime(
    0,
    clock,
    (frame) => written.push(frame),
    () => {},
  )
  const silence = new Silence(realTime, false, keepLog().logger)
  for (const frames of [100, 200]) {
    t.equal(silence.start(endWith(() => SILENT)), true)
    await clock.advance(1_000)
    silence.stop()
    await clock.advance(5_000)
    t.ok(Math.abs(written.length - frames) <= 8, `${written.length} frames of 10 ms`)
  }
  t.ok(written.every((frame) => frame === SILENT))
})

t.test('silence does not start in a format without silent frames, and logs that', async (t) => {
  const log = keepLog()
  const realTime = createRealTime(
    0,
    createManualClock(),
    () => {},
    () => {},
  )
  t.equal(new Silence(realTime, false, log.logger).start(endWith(undefined)), false)
  t.strictSame(log.lines(), ['warning silence not available'])
})
