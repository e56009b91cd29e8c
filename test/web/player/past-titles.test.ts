import t from 'tap'
import type { SentNews } from '../../../src/endpoints/player/player-news.ts'
import { createPastTitles } from '../../../src/web/player/past-titles.ts'

const NEWS = { state: 'live', format: '', contentType: 'audio/mpeg' } as const
const TITLES = [
  { text: 'One', from: 0, agoMs: 50_000 },
  { text: 'Two', from: 20_000, agoMs: 30_000 },
  { text: 'Three', from: 40_000, agoMs: 10_000 },
]

function newsOf(reachMs: number, titles?: typeof TITLES, line = 'a'): SentNews {
  const time = { line, newest: 0, start: { frame: 0, at: 0 }, frameMs: 26, burstMs: 2000 }
  return { ...NEWS, time, rewind: titles === undefined ? { reachMs } : { reachMs, titles } }
}

t.test('titles that are not sent again grow older', async (t) => {
  const past = createPastTitles()
  t.strictSame(past.complete(newsOf(60_000, TITLES), 1_000).rewind, { reachMs: 60_000, titles: TITLES })
  const { rewind } = past.complete(newsOf(60_000), 6_000)
  t.strictSame(
    rewind?.titles.map(({ agoMs }) => agoMs),
    [55_000, 35_000, 15_000],
  )
})

t.test('titles whose sound is gone are left out, and the oldest begins where the sound does', async (t) => {
  const past = createPastTitles()
  past.complete(newsOf(60_000, TITLES), 0)
  const { rewind } = past.complete(newsOf(40_000), 15_000)
  t.strictSame(
    rewind?.titles.map(({ text, agoMs }) => [text, agoMs]),
    [
      ['Two', 40_000],
      ['Three', 25_000],
    ],
  )
})

t.test('another timeline has no titles of the one before', async (t) => {
  const past = createPastTitles()
  past.complete(newsOf(60_000, TITLES), 0)
  t.strictSame(past.complete(newsOf(60_000, undefined, 'b'), 1_000).rewind?.titles, [])
  t.equal(past.complete({ ...NEWS }, 2_000).rewind, undefined)
})
