import t from 'tap'
import type { PlayerNews } from '../../../src/endpoints/player/player-news.ts'
import { createAudibleTitles } from '../../../src/web/player/audible-titles.ts'

function news(text: string, from: number, line = 'a'): PlayerNews {
  const time = { line, newest: 9000, start: { frame: 0, at: 0 }, frameMs: 26, burstMs: 2000 }
  return { state: 'live', format: '', contentType: '', title: { text, from }, time }
}

t.test('shows a title when playback has reached it', async (t) => {
  const titles = createAudibleTitles()
  t.equal(titles.at(0), '')
  titles.update(news('A', 0))
  titles.update(news('B', 5000))
  t.equal(titles.at(4999), 'A')
  t.equal(titles.at(5000), 'B')
  t.equal(titles.at(undefined), 'B', 'who does not listen sees the newest')
})

t.test('shows the oldest title when playback is before all known ones', async (t) => {
  const titles = createAudibleTitles()
  titles.update(news('A', 500))
  t.equal(titles.at(100), 'A')
})

t.test('forgets titles of another time line', async (t) => {
  const titles = createAudibleTitles()
  titles.update(news('A', 500))
  titles.update(news('B', 7000, 'b'))
  t.equal(titles.at(600), 'B')
})
