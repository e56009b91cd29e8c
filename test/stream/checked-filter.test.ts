import t from 'tap'
import type { Frame, FrameFilter } from '../../filters/frame-filter.ts'
import { GuardedFilter } from '../../filters/guarded-filter.ts'
import { CheckedFilter } from '../../src/stream/checked-filter.ts'
import { keepLog } from '../kept-log.ts'
import { loggedEvents } from '../logged-events.ts'
import { createManualClock } from '../manual-clock.ts'

/** A checked around a filter of the test, which has only the behaviour in `changes`. */
function sieveOf(changes: Partial<FrameFilter>) {
  const clock = createManualClock()
  const log = keepLog()
  const frames: Frame[] = []
  const counts = { settled: 0 }
  const filter = { contentType: undefined, skippedBytes: 0, push: () => {}, end: () => {}, ...changes }
  const checked = new CheckedFilter(
    new GuardedFilter('trial', filter),
    { take: (taken) => void frames.push(taken), settled: () => void counts.settled++ },
    loggedEvents(log.logger),
    clock,
    log.logger,
  )
  return { clock, log, frames, counts, checked }
}

function fail(): never {
  throw new Error('broken')
}

const frame: Frame = { bytes: Buffer.from('frame'), durationUs: 0 }
const emitsFrame: FrameFilter['push'] = (_, emit) => emit(frame)

t.test('makes a filter choose half a second after its first bytes', async (t) => {
  const { clock, frames, counts, checked } = sieveOf({ settle: (emit) => emit(frame) })
  await clock.advance(60_000)
  checked.push(Buffer.from('x'))
  await clock.advance(499)
  t.equal(counts.settled, 0)
  await clock.advance(1)
  t.strictSame(frames, [frame])
  t.equal(counts.settled, 1)
})

t.test('does not make a filter choose that has found frames or whose opening has ended', async (t) => {
  const settle = () => t.fail('was told to decide')
  const decided = sieveOf({ settle, push: (_, emit) => emit(frame) })
  decided.checked.push(Buffer.from('x'))
  await decided.clock.advance(60_000)
  const ended = sieveOf({ settle })
  ended.checked.push(Buffer.from('x'))
  ended.checked.end()
  await ended.clock.advance(60_000)
  t.equal(decided.counts.settled + ended.counts.settled, 0)
})

t.test('ignores frames without bytes', async (t) => {
  const { frames, checked } = sieveOf({ push: (_, emit) => emit({ bytes: Buffer.alloc(0), durationUs: 1 }) })
  checked.push(Buffer.from('x'))
  t.equal(frames.length, 0)
})

t.test('reports a filter that fails at its choice, or at the end, once', async (t) => {
  const { clock, log, checked } = sieveOf({ settle: fail, end: fail })
  checked.push(Buffer.from('x'))
  await clock.advance(500)
  checked.end()
  t.strictSame(log.lines(), ['error filter failed'])
  t.match(log.records[0]?.properties, { error: 'filter trial: settle: broken' })
  t.equal(checked.filter.failure, 'filter trial: settle: broken')
})

t.test('logs the format once', async (t) => {
  const { log, checked } = sieveOf({ description: 'MP3', contentType: 'audio/mpeg' })
  checked.push(Buffer.from('x'))
  checked.push(Buffer.from('x'))
  checked.end()
  t.strictSame(log.lines(), ['info format found'])
  t.match(log.records[0]?.properties, { format: 'MP3', contentType: 'audio/mpeg' })
})

t.test('warns of a long run of bytes without a frame, once and with the reason', async (t) => {
  const { log, checked } = sieveOf({ skippedBytes: 64 * 1024, complaint: 'frames are too large' })
  for (let i = 0; i < 5; i++) checked.push(Buffer.from('x'))
  t.strictSame(log.lines(), ['warning no frames found'])
  t.match(log.records[0]?.properties, { bytes: 65_536, reason: 'frames are too large' })
})

t.test(
  'warns of bytes that are dropped between frames when the filter gives a reason, once and at the latest at the end',
  (t) => {
    const complaint = 'bytes behind the samples'
    for (const [changes, warnings] of [
      [{ skippedBytes: 5, complaint, push: emitsFrame }, ['warning source bytes skipped']],
      [{ skippedBytes: 64 * 1024, complaint, push: emitsFrame }, ['warning source bytes skipped']],
      [{ skippedBytes: 64 * 1024, push: emitsFrame }, []],
      [{ skippedBytes: 0, complaint, push: emitsFrame }, []],
    ] as const) {
      const { log, checked } = sieveOf(changes)
      for (let i = 0; i < 3; i++) checked.push(Buffer.from('x'))
      checked.end()
      t.strictSame(log.lines(), warnings)
    }
    t.end()
  },
)
