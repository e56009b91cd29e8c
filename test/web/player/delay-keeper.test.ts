import t from 'tap'
import { DelayKeeper } from '../../../src/web/player/delay-keeper.ts'
import { createLiveClock } from '../../../src/web/player/live-clock.ts'

/** A stream with a burst of 2 s that began long ago, and a player that began at time 0 of this test. */
function createBench({ burstMs = 2000 } = {}) {
  let now = 0
  const live = createLiveClock()
  const delay = new DelayKeeper(live, () => now)
  const goTo = (to: number) => {
    now = to
    const newest = 10_000 + to
    const start = { frame: 1000 + to / 10, at: newest - burstMs }
    live.update({ line: 'a', newest, start, frameMs: 10, burstMs }, to)
  }
  goTo(0)
  return { live, delay, goTo }
}

t.test('keeps the delay with which the player started', async (t) => {
  const { delay, goTo } = createBench()
  t.equal(delay.begin(), 'at=1000')
  t.equal(delay.behindMs(0), undefined, 'nothing has been heard yet')
  goTo(1000)
  t.equal(delay.behindMs(900), 2100)
  t.equal(delay.keptMs(), 2000)
  t.strictSame(delay.pace(900, 1), { rate: 1, jump: false })
})

t.test('plays a little faster while it is late', async (t) => {
  const { delay, goTo } = createBench()
  delay.begin()
  goTo(10_000)
  t.strictSame(delay.pace(9_000, 1), { rate: 1.03, jump: false })
  t.strictSame(delay.pace(9_700, 1), { rate: 1, jump: false }, 'a little late is no reason to begin')
  t.strictSame(delay.pace(9_700, 1.03), { rate: 1.03, jump: false }, 'but to go on')
  t.strictSame(delay.pace(9_970, 1.03), { rate: 1, jump: false })
})

t.test('jumps once when it is far behind', async (t) => {
  const { delay, goTo } = createBench()
  delay.begin()
  goTo(20_000)
  t.strictSame(delay.pace(10_000, 1), { rate: 1, jump: true })
  t.equal(delay.begin(), 'at=3000')
  goTo(22_000)
  t.strictSame(delay.pace(2_000, 1), { rate: 1, jump: false })
  goTo(40_000)
  t.strictSame(delay.pace(10_000, 1), { rate: 1, jump: true }, 'and again, when it has been there meanwhile')
})

t.test('accepts a longer initial delay of the player, and reports it', async (t) => {
  const { delay, goTo } = createBench()
  delay.begin()
  goTo(5_000)
  t.equal(delay.pace(1_000, 1).jump, true)
  delay.begin()
  goTo(10_000)
  t.strictSame(delay.pace(1_000, 1), { rate: 1.03, jump: false })
  t.equal(delay.keptMs(), 6000)
  t.strictSame(delay.pace(1_000, 1), { rate: 1, jump: false })
  delay.forget()
  t.equal(delay.keptMs(), 2000)
})

t.test('keeps a reserve for any burst of the server', async (t) => {
  const { delay } = createBench({ burstMs: 0 })
  t.equal(delay.keptMs(), 1000)
})

t.test('forgets its state when the stream changes', async (t) => {
  const { live, delay, goTo } = createBench()
  delay.begin()
  goTo(1000)
  live.update({ line: 'b', newest: 50, start: { frame: 0, at: 0 }, frameMs: 10, burstMs: 2000 }, 1000)
  t.equal(delay.behindMs(900), undefined)
  t.strictSame(delay.pace(900, 1), { rate: 1, jump: false })
})
