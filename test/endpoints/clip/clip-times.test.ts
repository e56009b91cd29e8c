import t from 'tap'
import { ClipQueryError, clipTimes } from '../../../src/endpoints/clip/clip-times.ts'

const NOW = Date.parse('2026-05-31T12:00:00Z')
/** End of the newest frame. */
const END = NOW - 700

function timesOf(query: string): readonly [from: number, to: number] {
  const { from, to } = clipTimes(new URLSearchParams(query), NOW, END)
  return [from - NOW, to - NOW]
}

t.test('for alone is the last sound', async (t) => {
  t.same(timesOf('for=30s'), [-30_700, 0])
})

t.test('ago and from are the beginning, for and to the end', async (t) => {
  t.same(timesOf('ago=90s'), [-90_000, 0])
  t.same(timesOf('ago=90s&for=30s'), [-90_000, -60_000])
  t.same(timesOf('ago=90s&to=2026-05-31T11:59:00Z'), [-90_000, -60_000])
  t.same(timesOf('from=2026-05-31T11:50:00Z&to=2026-05-31T11:55:00.5Z'), [-600_000, -299_500])
  t.same(timesOf('from=2026-05-31T11:50:00Z&for=1m'), [-600_000, -540_000])
})

t.test('what has not been heard yet is left out', async (t) => {
  t.same(timesOf('ago=10s&for=1h'), [-10_000, 0])
  t.same(timesOf('from=2026-05-31T11:59:00Z&to=2027-05-31T11:55:00Z'), [-60_000, 0])
})

t.test('times have zones, also with a plus sign that is decoded as a space', async (t) => {
  for (const time of ['2026-05-31T13:50:00+02:00', '2026-05-31T13:50+0200', '2026-05-31T06:50:00-05:00']) {
    t.same(timesOf(`from=${time}`), [-600_000, 0], time)
    t.same(timesOf(`from=${encodeURIComponent(time)}`), [-600_000, 0], `${time} encoded`)
  }
})

t.test('a time that does not exist is refused', async (t) => {
  for (const time of ['2026-02-32T00:00:00Z', '2026-05-31T25:00:00Z', '12:00', '1780000000', '']) {
    t.throws(() => timesOf(`from=${time}`), ClipQueryError, time)
  }
})
