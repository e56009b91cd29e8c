import t from 'tap'
import { createRateMeter } from '../../src/stream/rate-meter.ts'
import { createManualClock } from '../manual-clock.ts'

t.test('returns the mean rate since the beginning once a second', async (t) => {
  const clock = createManualClock()
  const meter = createRateMeter(clock)
  const said: (number | undefined)[] = []
  for (let i = 0; i < 30; i++) {
    await clock.advance(100)
    said.push(meter.add(1_600))
  }
  t.strictSame(
    said.filter((rate) => rate !== undefined),
    [16_000, 16_000, 16_000],
  )
})
