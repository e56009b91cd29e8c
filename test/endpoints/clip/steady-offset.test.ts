import t from 'tap'
import { createSteadyOffset } from '../../../src/endpoints/clip/steady-offset.ts'
import { createManualClock } from '../../manual-clock.ts'

t.test('the offset stays until the system time is set', async (t) => {
  const clock = createManualClock()
  let offset = 1_000_000
  // The system time has whole milliseconds.
  const offsetNow = createSteadyOffset(clock, () => Math.floor(clock.now() + offset))
  const first = offsetNow()
  for (let i = 0; i < 10; i++) {
    await clock.advance(0.3)
    t.equal(offsetNow(), first)
  }
  offset += 60_000
  t.ok(Math.abs(offsetNow() - offset) <= 1)
  offset -= 120_000
  t.ok(Math.abs(offsetNow() - offset) <= 1)
})
