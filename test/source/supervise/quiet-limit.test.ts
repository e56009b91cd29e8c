import t from 'tap'
import { createQuietLimit } from '../../../src/source/supervise/quiet-limit.ts'
import { createManualClock } from '../../manual-clock.ts'

t.test('after so long without a word the limit says so, once', async (t) => {
  const clock = createManualClock()
  let times = 0
  createQuietLimit(1_000, clock, () => times++)
  await clock.advance(999)
  t.equal(times, 0)
  await clock.advance(1)
  t.equal(times, 1)
  await clock.advance(60_000)
  t.equal(times, 1)
})

t.test('each word begins the time anew', async (t) => {
  const clock = createManualClock()
  let times = 0
  const limit = createQuietLimit(1_000, clock, () => times++)
  for (let i = 0; i < 20; i++) {
    await clock.advance(900)
    limit.heard()
  }
  await clock.advance(999)
  t.equal(times, 0)
  await clock.advance(1)
  t.equal(times, 1)
})

t.test('0 is never, and a limit that was stopped says nothing', async (t) => {
  const clock = createManualClock()
  let times = 0
  createQuietLimit(0, clock, () => times++).heard()
  createQuietLimit(10, clock, () => times++).stop()
  await clock.advance(3_600_000)
  t.equal(times, 0)
})

t.test('who is not listened to may be quiet, and has the whole time again afterwards', async (t) => {
  const clock = createManualClock()
  let times = 0
  const quiet = createQuietLimit(100, clock, () => times++)
  quiet.rest()
  await clock.advance(1_000)
  t.equal(times, 0)
  quiet.heard()
  await clock.advance(99)
  t.equal(times, 0)
  await clock.advance(2)
  t.equal(times, 1)
})
