import t from 'tap'
import type { PlayerRewind } from '../../../src/endpoints/player/player-news.ts'
import { DelayKeeper } from '../../../src/web/player/delay-keeper.ts'
import { createLiveClock } from '../../../src/web/player/live-clock.ts'

const BURST_MS = 2000
const REACH_MS = 600_000

/** A stream that listeners can go back 10 minutes in, and its player. */
function createBench({ titles = [] as PlayerRewind['titles'] } = {}) {
  let now = 0
  const live = createLiveClock()
  const delay = new DelayKeeper(live, () => now)
  const goTo = (to: number, line = 'a') => {
    now = to
    const newest = 1_000_000 + to
    const start = { frame: 1000 + to / 10, at: newest - BURST_MS }
    live.update({ line, newest, start, frameMs: 10, burstMs: BURST_MS }, to, { reachMs: REACH_MS, titles })
  }
  goTo(0)
  return { live, delay, goTo, at: (ago: number) => ({ at: 1_000_000 + now - ago, line: 'a' }) }
}

t.test('requests the sound at a place by its age, and stays behind', async (t) => {
  const { delay, goTo, at } = createBench()
  t.equal(delay.begin(at(120_000)), 'ago=120000ms')
  t.equal(delay.behindMs(0), 120_000, 'before it is heard')
  goTo(5_000)
  t.equal(delay.behindMs(4_900), 120_100)
  t.strictSame(delay.pace(4_900, 1), { rate: 1, jump: false })
  t.equal(delay.keptMs(), undefined)
})

t.test('begins at the oldest frame when the place has left the ring', async (t) => {
  const { delay, at } = createBench()
  t.equal(delay.begin(at(REACH_MS + 60_000)), `ago=${REACH_MS}ms`)
  t.equal(delay.behindMs(0), REACH_MS)
})

t.test('begins live at a place that is as new as the start of other listeners', async (t) => {
  const { delay, at } = createBench()
  t.equal(delay.begin(at(1_500)), 'at=1000')
  t.equal(delay.keptMs(), BURST_MS)
})

t.test('continues where it was', async (t) => {
  const { delay, goTo } = createBench()
  delay.begin()
  goTo(10_000)
  delay.pace(9_900, 1)
  const place = delay.placeOf(9_900)
  goTo(40_000)
  t.equal(delay.begin(place), 'ago=32100ms')
})

t.test('catches up after a short interruption, and stays behind after a long one', async (t) => {
  for (const [lateMs, rate, isBehind] of [
    [4_000, 1.03, false],
    [30_000, 1, true],
  ] as const) {
    const { delay, goTo } = createBench()
    delay.begin()
    goTo(10_000)
    delay.pace(10_000, 1)
    goTo(10_000 + lateMs)
    t.strictSame(delay.pace(10_000, 1), { rate, jump: false }, `${lateMs} ms`)
    t.equal(delay.keptMs() === undefined, isBehind)
  }
})

t.test('jumps to the intended delay at the start, when nothing has been heard', async (t) => {
  const { delay, goTo } = createBench()
  delay.begin()
  goTo(10_000)
  t.strictSame(delay.pace(100, 1), { rate: 1, jump: true })
})

t.test('is live again when the source has stopped and everything has been heard', async (t) => {
  const { delay, at } = createBench()
  delay.begin(at(20_000))
  delay.pace(1, 1)
  t.equal(delay.keptMs(), undefined)
  delay.pace(19_000, 1)
  t.equal(delay.keptMs(), BURST_MS)
})

t.test('begins live when the server is another', async (t) => {
  const { delay, goTo, at } = createBench()
  const place = at(120_000)
  goTo(1_000, 'b')
  t.match(delay.begin(place), /^at=/)
})

t.test('guesses the age while the server sends no events', async (t) => {
  const { live, delay, goTo, at } = createBench()
  const place = at(120_000)
  goTo(1_000)
  live.update(undefined, 1_000)
  t.equal(delay.begin(place), 'ago=121000ms')
  t.equal(delay.behindMs(0), undefined)
  goTo(1_000)
  t.equal(delay.behindMs(0), 121_000, 'known with the next event')
})

t.test('asks for what was before a time without sound by its age, not by its distance', async (t) => {
  // The source was away for 100 s after the title had begun.
  const titles = [{ text: 'Before', from: 900_000, agoMs: 200_000 }]
  const { delay } = createBench({ titles })
  t.equal(delay.begin({ at: 900_000, line: 'a' }), 'ago=200000ms')
  t.equal(delay.behindMs(0), 100_000, 'of sound')
})
