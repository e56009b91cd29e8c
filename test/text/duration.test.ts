import fc from 'fast-check'
import t from 'tap'
import { formatDuration, parseDuration } from '../../src/text/duration.ts'
import { RefusedValue } from '../../src/text/refused-value.ts'

const readings: readonly [text: string, ms: number][] = [
  ['0', 0],
  ['+0', 0],
  ['-0', 0],
  ['0s', 0],
  ['-0s', 0],
  ['150ms', 150],
  ['30s', 30_000],
  ['+5s', 5000],
  ['1m', 60_000],
  ['1.5h', 5_400_000],
  ['.5s', 500],
  ['5.s', 5000],
  ['007s', 7000],
  ['1h15m30.9s', 4_530_900],
  ['1s1h', 3_601_000],
  ['1s1s', 2000],
  ['250us', 0.25],
  ['250\u00b5s', 0.25],
  ['250\u03bcs', 0.25],
  ['1ns', 0.000001],
]

const refusals: readonly [text: string, reason: RegExp][] = [
  ['', /needs a duration/],
  ['30', /needs a unit/],
  ['-30', /needs a unit/],
  ['1.5', /needs a unit/],
  ['00', /needs a unit/],
  ['s', /needs a duration/],
  ['.s', /needs a duration/],
  ['.', /needs a duration/],
  ['1e3s', /needs a duration/],
  ['1 s', /needs a duration/],
  [' 1s', /needs a duration/],
  ['1s ', /needs a duration/],
  ['1S', /needs a duration/],
  ['1sec', /needs a duration/],
  ['1d', /needs a duration/],
  ['1,5s', /needs a duration/],
  ['--1s', /needs a duration/],
  ['0x10s', /needs a duration/],
  ['Infinity', /needs a duration/],
  ['-1s', /cannot be negative/],
  ['-1ns', /cannot be negative/],
  ['9'.repeat(400) + 's', /too long/],
  ['3000h', /too long/],
]

t.test('reads durations as Go does', async (t) => {
  for (const [text, ms] of readings) t.equal(parseDuration(text), ms, text)
})

t.test('refuses an invalid duration with a reason', async (t) => {
  for (const [text, reason] of refusals) t.throws(() => parseDuration(text), reason, text)
})

t.test('writes durations in a readable form', async (t) => {
  t.equal(formatDuration(0), '0')
  t.equal(formatDuration(0.000001), '1ns')
  t.equal(formatDuration(0.0015), '1.5\u00b5s')
  t.equal(formatDuration(100), '100ms')
  t.equal(formatDuration(2000), '2s')
  t.equal(formatDuration(60_000), '1m')
  t.equal(formatDuration(4_530_900), '1h15m30.9s')
  t.equal(formatDuration(3_600_000.000001), '1h0.000000001s')
  t.equal(formatDuration(24 * 24 * 3_600_000), '576h')
})

t.test('reads back every duration that it writes', async () => {
  const longestNs = 24 * 24 * 3600 * 1e9
  fc.assert(
    fc.property(fc.integer({ min: 0, max: longestNs }), (ns) => parseDuration(formatDuration(ns / 1e6)) === ns / 1e6),
  )
})

t.test('returns a time of zero or more for any text, or refuses it', async () => {
  const pieces = fc.constantFrom('1', '0', '9999', '.', '-', '+', 'h', 'm', 's', 'ms', 'us', 'ns', ' ', 'e')
  const text = fc.oneof(
    fc.string(),
    fc.array(pieces).map((list) => list.join('')),
  )
  fc.assert(
    fc.property(text, (text) => {
      try {
        return parseDuration(text) >= 0
      } catch (error) {
        return error instanceof RefusedValue
      }
    }),
  )
})

t.test('refuses a text of many digits quickly', async (t) => {
  const start = performance.now()
  t.throws(() => parseDuration(`${'1'.repeat(20_000)}x`))
  t.ok(performance.now() - start < 1000)
})
