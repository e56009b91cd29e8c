import t from 'tap'
import { createQuietLimit } from '../../../src/source/supervise/quiet-limit.ts'
import { createManualClock } from '../../manual-clock.ts'

t.test('reports once that the source has been quiet for the whole timeout', async (t) => {
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

t.test('starts the timeout again with each chunk', async (t) => {
  const clock = createManualClock()
  let times = 0
  const limit = createQuietLimit(1_000, clock, () => times++)
  for (let i = 0; i < 20; i++) {
    await clock.advance(900)
    limit.restart()
  }
  await clock.advance(999)
  t.equal(times, 0)
  await clock.advance(1)
  t.equal(times, 1)
})

t.test('reports nothing with a timeout of 0, nor after it was stopped', async (t) => {
  const clock = createManualClock()
  let times = 0
  createQuietLimit(0, clock, () => times++).restart()
  createQuietLimit(10, clock, () => times++).stop()
  await clock.advance(3_600_000)
  t.equal(times, 0)
})

t.test('is suspended while the source is not read, and then starts with the whole timeout', async (t) => {
  const clock = createManualClock()
  let times = 0
  const quiet = createQuietLimit(100, clock, () => times++)
  quiet.suspend()
  await clock.advance(1_000)
  t.equal(times, 0)
  quiet.restart()
  await clock.advance(99)
  t.equal(times, 0)
  await clock.advance(2)
  t.equal(times, 1)
})
