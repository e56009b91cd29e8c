import t from 'tap'
import { createTicker } from '../../src/delivery/ticker.ts'
import { createManualClock } from '../manual-clock.ts'

/** A ticker whose rounds take `tookMs` of the clock's time each. */
function tickerOf(maxDelayMs: number, tookMs: number) {
  const clock = createManualClock()
  const rounds: number[] = []
  let offset = 0
  const now = () => clock.now() + offset
  const slow = { now, after: clock.after.bind(clock) }
  const ticker = createTicker(maxDelayMs, slow, () => {
    rounds.push(now())
    offset += tookMs
    return false
  })
  return { clock, ticker, rounds }
}

t.test('a round that takes no time is followed by the next as soon as there is something to write', (t) => {
  const { ticker, rounds } = tickerOf(100, 0)
  ticker.wake()
  ticker.wake()
  t.equal(rounds.length, 2)
  t.end()
})

t.test('rounds take 3 % of the time', async (t) => {
  const { clock, ticker, rounds } = tickerOf(1_000, 3)
  ticker.wake()
  ticker.wake()
  ticker.wake()
  t.equal(rounds.length, 1)
  await clock.advance(96)
  t.equal(rounds.length, 1)
  await clock.advance(2)
  t.equal(rounds.length, 2)
})

t.test('nothing waits longer than the longest delay', async (t) => {
  const { clock, ticker, rounds } = tickerOf(100, 50)
  ticker.wake()
  ticker.wake()
  await clock.advance(50)
  t.equal(rounds.length, 2)
})

t.test('a round that must be now is now, and takes the place of the one to come', async (t) => {
  const { clock, ticker, rounds } = tickerOf(100, 3)
  ticker.wake()
  ticker.wake()
  ticker.now()
  t.equal(rounds.length, 2)
  await clock.advance(1_000)
  t.equal(rounds.length, 2)
})

t.test('a round that leaves something to write is followed by another, but never within itself', async (t) => {
  const clock = createManualClock()
  let left = 3
  const ticker = createTicker(0, clock, () => --left > 0)
  ticker.wake()
  t.equal(left, 2)
  await clock.advance(10)
  t.equal(left, 0)
})
