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

t.test('does not jump again before it knows the delay after a jump', async (t) => {
  const { delay, goTo } = createBench()
  delay.begin()
  goTo(5_000)
  t.equal(delay.pace(1_000, 1).jump, true)
  delay.begin()
  for (let now = 5_250; now <= 8_500; now += 250) {
    goTo(now)
    t.strictSame(delay.pace(0, 1), { rate: 1, jump: false }, 'nothing has been heard yet')
  }
  goTo(9_000)
  t.equal(delay.pace(120, 1).jump, false, 'the start took longer than a player may be behind')
  t.equal(delay.keptMs(), 5_880, 'which is what this player needs')
})

t.test('takes a delay that does not decrease while it catches up as what the player needs', async (t) => {
  const { delay, goTo } = createBench()
  delay.begin()
  const lateMs = 1_000
  const pace = (now: number, caughtUpMs: number) => {
    goTo(now)
    return delay.pace(now - lateMs + caughtUpMs, 1.03)
  }
  for (let now = 20_000; now < 30_000; now += 250)
    t.strictSame(pace(now, now % 500 ? 30 : -30), { rate: 1.03, jump: false })
  t.strictSame(pace(30_000, -30), { rate: 1, jump: false })
  t.equal(delay.keptMs(), 3_030)
  t.strictSame(pace(30_250, 0), { rate: 1, jump: false }, 'and stays')
  delay.forget()
  t.equal(delay.keptMs(), 2_000)
})

t.test('goes on to catch up for as long as it has an effect', async (t) => {
  const { delay, goTo } = createBench()
  delay.begin()
  for (let now = 20_000; now <= 50_000; now += 250) {
    goTo(now)
    t.equal(delay.pace(now - 1_400 + (now - 20_000) * 0.03, 1.03).rate, 1.03)
  }
  t.equal(delay.keptMs(), 2_000)
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
