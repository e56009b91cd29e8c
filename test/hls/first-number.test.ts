import fc from 'fast-check'
import t from 'tap'
import { firstDiscontinuity, firstNumber } from '../../src/hls/first-number.ts'

const YEAR_MS = 365.25 * 24 * 3_600_000
const times = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 0, 1) + 30 * YEAR_MS })
const durations = fc.integer({ min: 1_000, max: 60_000 })

t.test('numbers of a program that is started again are beyond those before, once it has run for a step', async () => {
  const lives = fc.integer({ min: 0, max: YEAR_MS })
  fc.assert(
    fc.property(times, durations, lives, (from, segmentMs, more) => {
      const livedMs = 5 * segmentMs + more
      const last = firstNumber(from, segmentMs) + Math.floor(livedMs / segmentMs)
      return firstNumber(from + livedMs, segmentMs) >= last - 5
    }),
    { numRuns: 2_000 },
  )
})

t.test('MEDIA-SEQUENCE never goes back, however short a program has run', async () => {
  const lives = fc.integer({ min: 0, max: 600_000 })
  fc.assert(
    fc.property(times, durations, lives, (from, segmentMs, livedMs) => {
      const whole = Math.floor(livedMs / segmentMs)
      const first = firstNumber(from, segmentMs) + Math.max(0, whole - 10)
      return firstNumber(from + livedMs, segmentMs) >= first
    }),
    { numRuns: 2_000 },
  )
})

t.test('two origins agree unless a step ends between their first samples', async (t) => {
  let disagree = 0
  for (let at = 0; at < 10_000; at++) {
    const wallMs = Date.UTC(2027, 3, 1) + at * 7_919
    if (firstNumber(wallMs, 6_000) !== firstNumber(wallMs + 300, 6_000)) disagree++
  }
  t.ok(disagree > 50 && disagree < 150, `${disagree} of 10,000`)
})

t.test('numbers fit into 31 bits until 2059, and are not negative before 2026', async (t) => {
  t.ok(firstNumber(Date.UTC(2059, 0, 1), 6_000) < 2 ** 31)
  t.equal(firstNumber(0, 6_000), 0)
})

t.test('numbers of discontinuities are small, grow with each step, and begin at 1', async () => {
  fc.assert(
    fc.property(times, durations, (wallMs, segmentMs) => {
      const [now, later] = [0, 5].map((segments) => firstDiscontinuity(wallMs + segments * segmentMs, segmentMs))
      return now !== undefined && now >= 1 && now <= 65_536 && (later === now + 1 || later === 1)
    }),
    { numRuns: 2_000 },
  )
})
