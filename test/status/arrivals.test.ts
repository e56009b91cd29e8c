import t from 'tap'
import { createArrivals } from '../../src/status/arrivals.ts'

t.test('returns the rate of the last points only', async (t) => {
  const arrivals = createArrivals()
  for (let i = 0; i < 10; i++) arrivals.note(i * 5_000, i < 7 ? 0 : (i - 7) * 80_000)
  // 16,000 bytes per second since the point at 35 s.
  t.equal(arrivals.rate(47_000, 192_000, 0), 128_000)
})

t.test('does not count the time before the source was opened', async (t) => {
  const arrivals = createArrivals()
  arrivals.note(0, 0)
  t.equal(arrivals.rate(6_000, 32_000, 4_000), 128_000)
})

t.test('does not count a replaced source', async (t) => {
  const arrivals = createArrivals()
  arrivals.note(0, 1_000_000)
  arrivals.note(5_000, 0)
  t.equal(arrivals.rate(7_000, 32_000, 0), 128_000)
  arrivals.note(10_000, 2_000_000)
  t.equal(arrivals.rate(12_000, 32_000, 10_000), 128_000)
})

t.test('returns no rate right after the start', async (t) => {
  const arrivals = createArrivals()
  t.equal(arrivals.rate(900, 100_000, 0), null)
  t.equal(arrivals.rate(2_000, 32_000, 0), 128_000)
})
