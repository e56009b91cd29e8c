import t from 'tap'
import type { StreamTime } from '../../../src/endpoints/player/player-news.ts'
import { createLiveClock } from '../../../src/web/player/live-clock.ts'

const FRAME_MS = 26

function reading(newest: number, line = 'a'): StreamTime {
  return { line, newest, start: { frame: 100, at: newest - 2000 }, frameMs: FRAME_MS, burstMs: 2000 }
}

t.test('advances the newest frame in real time between two readings', async (t) => {
  const clock = createLiveClock()
  t.equal(clock.newest(0), undefined)
  clock.update(reading(5000), 100)
  t.equal(clock.newest(100), 5000)
  t.equal(clock.newest(600), 5500)
})

t.test('uses the most advanced reading of frames that arrive in chunks', async (t) => {
  const clock = createLiveClock()
  clock.update(reading(5000), 0)
  clock.update(reading(5700), 1000)
  t.equal(clock.newest(1000), 6000, 'the first one was taken right behind a chunk')
  clock.update(reading(7100), 2000)
  t.equal(clock.newest(2000), 7100)
})

t.test('does not extrapolate while the source is stopped', async (t) => {
  const clock = createLiveClock()
  clock.update(reading(5000), 0)
  clock.update(reading(5000), 1000)
  t.equal(clock.newest(1900), 5000)
  clock.update(reading(5900), 2000)
  t.equal(clock.newest(2100), 7100)
})

t.test('requests a later frame for a player that starts between two readings', async (t) => {
  const clock = createLiveClock()
  clock.update(reading(5000), 0)
  t.strictSame(clock.start(0), { frame: 100, at: 3000 })
  t.strictSame(clock.start(270), { frame: 110, at: 3260 })
})

t.test('finds the start of a player later when it started before the first reading', async (t) => {
  const clock = createLiveClock()
  clock.update(reading(5000), 260)
  t.strictSame(clock.start(0), { frame: 90, at: 2740 })
})

t.test('returns no start frame for old readings', async (t) => {
  const clock = createLiveClock()
  clock.update(reading(5000), 0)
  t.equal(clock.start(11_000), undefined)
})

t.test('forgets readings of another time line', async (t) => {
  const clock = createLiveClock()
  clock.update(reading(5000), 0)
  clock.update(reading(40, 'b'), 1000)
  t.equal(clock.newest(1000), 40)
  t.equal(clock.line, 'b')
  clock.update(undefined, 1100)
  t.equal(clock.newest(1200), undefined)
})
