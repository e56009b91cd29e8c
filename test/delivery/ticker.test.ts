import t from 'tap'
import { Ticker } from '../../src/delivery/ticker.ts'
import { createManualClock } from '../manual-clock.ts'

/** Bytes of a round that exceed what the network accepts at once. */
const MUCH = 100 * 1024 * 1024

/**
 * A ticker, and the times at which its rounds begin. Each round has `parts` parts, each of which takes `took` milliseconds of
 * the clock, and `bytes` bytes.
 */
function tickerOf(
  longestMs: number,
  took: number | (() => number),
  parts = 1,
  bytes = 0,
  streams = 1,
  shortestMs: () => number = () => 0,
) {
  const clock = createManualClock()
  const began: number[] = []
  const went: number[] = []
  let offset = 0
  let left = 0
  let more = 0
  const now = () => clock.now() + offset
  const slow = { now, after: clock.after.bind(clock) }
  const ticker = new Ticker(slow, {
    shortestMs,
    longestMs: () => longestMs,
    streams: () => streams,
    begin() {
      began.push(now())
      left = parts
      return bytes
    },
    goOn(forMs) {
      went.push(now())
      const until = now() + forMs
      do {
        offset += typeof took === 'number' ? took : took()
        left--
      } while (left > 0 && now() < until)
      return left / parts
    },
    isMore: () => more-- > 0,
  })
  const leaveMore = (rounds: number) => {
    more = rounds
  }
  const makeWait = (ms: number) => {
    offset += ms
  }
  return { clock, ticker, began, went, leaveMore, makeWait }
}

/** Runs some rounds, because the ticker assumes that rounds are short until it has measured some. */
async function getToKnow({ clock, ticker, began, went }: ReturnType<typeof tickerOf>): Promise<void> {
  while (began.length < 10) {
    ticker.wake()
    await clock.advance(1_000)
  }
  began.length = 0
  went.length = 0
}

/** A ticker that has already measured the duration of its rounds. */
async function knownTicker(...wished: Parameters<typeof tickerOf>): Promise<ReturnType<typeof tickerOf>> {
  const made = tickerOf(...wished)
  await getToKnow(made)
  return made
}

t.test('starts the next round at once after a quick one when there is something to write', async (t) => {
  const { ticker, began } = tickerOf(100, 0)
  ticker.wake()
  ticker.wake()
  t.equal(began.length, 2)
})

t.test('rests between two rounds without load, but not longer than the maximum delay', async (t) => {
  for (const [longestMs, expected] of [
    [500, 250],
    [100, 100],
  ] as const) {
    const { clock, ticker, began } = tickerOf(longestMs, 0, 1, 0, 1, () => 250)
    ticker.wake()
    ticker.wake()
    t.equal(ticker.pauseMs, expected - 3)
    await clock.advance(expected - 1)
    t.equal(began.length, 1)
    await clock.advance(1)
    t.equal(began.length, 2)
  }
})

t.test('ends a rest at the next frames when it is not wanted any more', async (t) => {
  let shortestMs = 250
  const { clock, ticker, began } = tickerOf(500, 0, 1, 0, 1, () => shortestMs)
  ticker.wake()
  await clock.advance(10)
  shortestMs = 0
  ticker.hasten()
  t.equal(ticker.pauseMs, 0)
  ticker.wake()
  ticker.wake()
  t.equal(began.length, 3)
})

t.test('spends 2 % of the time in rounds', async (t) => {
  const { clock, ticker, began } = await knownTicker(1_000, 3)
  ticker.wake()
  ticker.wake()
  ticker.wake()
  t.equal(began.length, 1)
  await clock.advance(146)
  t.equal(began.length, 1)
  await clock.advance(5)
  t.equal(began.length, 2)
})

t.test('does not delay the next rounds after a single slow one', async (t) => {
  const took = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 60]
  const { clock, ticker, began } = await knownTicker(1_000, () => took.shift() ?? 1)
  ticker.wake()
  ticker.wake()
  await clock.advance(80)
  t.equal(began.length, 2)
})

t.test('shares this time with other streams', async (t) => {
  const { clock, ticker, began } = await knownTicker(1_000, 1, 1, 0, 5)
  ticker.wake()
  ticker.wake()
  await clock.advance(248)
  t.equal(began.length, 1)
  await clock.advance(2)
  t.equal(began.length, 2, 'five times as long as alone')
})

t.test('never waits longer than the maximum delay', async (t) => {
  const { clock, ticker, began } = await knownTicker(100, 50)
  ticker.wake()
  ticker.wake()
  await clock.advance(50)
  t.equal(began.length, 2)
})

t.test('splits a long round into parts with turns of the event loop between them', async (t) => {
  const { clock, ticker, began, went } = await knownTicker(500, 5, 10)
  ticker.wake()
  t.equal(went.length, 1, 'one part at once')
  ticker.wake()
  await clock.advance(1)
  t.equal(began.length, 1, 'what came meanwhile belongs to the next round')
  t.equal(went.length, 10)
})

t.test('spreads a round that is too large for the network, and completes it before the next', async (t) => {
  const { clock, ticker, began, went } = await knownTicker(500, 5, 10, MUCH)
  ticker.wake()
  await clock.advance(1_500)
  t.equal(began.length, 1)
  t.equal(went.length, 10)
  const gaps = went.slice(1).map((at, i) => at - (went[i] ?? 0))
  t.ok(Math.min(...gaps) >= 40, gaps.join(' '))
  t.ok((went.at(-1) ?? 0) - (went[0] ?? 0) <= 500)
})

t.test('makes up for a part that is late', async (t) => {
  const { clock, ticker, went, makeWait } = await knownTicker(500, 5, 10, MUCH)
  ticker.wake()
  makeWait(150)
  await clock.advance(400)
  t.ok(went.length < 10, `${went.length} parts`)
  t.ok((went.at(-1) ?? 0) - (went[0] ?? 0) <= 500)
})

t.test('runs an immediate round in place of the next one', async (t) => {
  const { clock, ticker, began } = await knownTicker(100, 3)
  ticker.wake()
  ticker.wake()
  ticker.now()
  t.equal(began.length, 2)
  await clock.advance(1_000)
  t.equal(began.length, 2)
})

t.test('completes the current round before an immediate one', async (t) => {
  const { clock, ticker, began, went } = tickerOf(500, 5, 10)
  ticker.wake()
  ticker.now()
  t.strictSame([began.length, went.length], [2, 3])
  await clock.advance(5_000)
  t.strictSame([began.length, went.length], [2, 12])
})

t.test('starts another round when something is left to write, but never within itself', async (t) => {
  const { clock, ticker, began, leaveMore } = tickerOf(0, 0)
  leaveMore(2)
  ticker.wake()
  t.equal(began.length, 1)
  await clock.advance(10)
  t.equal(began.length, 3)
})

t.test('lets the source pause until the next round, which starts with reading it', async (t) => {
  const made = tickerOf(500, 15)
  t.equal(made.ticker.pauseMs, 0, 'with nobody to serve, nothing waits')
  await getToKnow(made)
  const { clock, ticker, began } = made
  ticker.wake()
  t.equal(ticker.pauseMs, 482, '15 ms of the tick have gone by')
  await clock.advance(482)
  ticker.wake()
  t.equal(began.length, 2)
})

t.test('lets a round for slow listeners wait for the read at its time', async (t) => {
  const { clock, ticker, began } = await knownTicker(500, 15)
  ticker.wake()
  ticker.again()
  await clock.advance(ticker.pauseMs)
  t.equal(began.length, 1)
  ticker.wake()
  t.equal(began.length, 2, 'frames have come')
  ticker.again()
  await clock.advance(ticker.pauseMs + 5)
  t.equal(began.length, 3, 'none have come')
})
