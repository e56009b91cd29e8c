import t from 'tap'
import { Titles } from '../../src/stream/titles.ts'

t.test('keeps the titles of a long ring, and finds that of each frame', async (t) => {
  const titles = new Titles()
  for (let seq = 0; seq < 10_000; seq += 10) titles.set(`title ${seq}`, seq, 500)
  t.equal(titles.all().length, 950, 'those of frames that have left the ring are dropped')
  for (const seq of [500, 509, 5_005, 9_989, 9_990, 9_999, 20_000]) {
    t.equal(titles.at(seq)?.text, `title ${Math.min(9_990, seq - (seq % 10))}`)
  }
  t.equal(titles.at(499), undefined)
  t.strictSame(titles.recent(), titles.all().slice(-256))
})

t.test('forgets the oldest of very many titles', async (t) => {
  const titles = new Titles()
  for (let seq = 0; seq < 10_000; seq++) titles.set(`title ${seq}`, seq, 0)
  t.equal(titles.all().length, 4096)
  t.equal(titles.newest?.text, 'title 9999')
})
