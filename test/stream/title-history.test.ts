import t from 'tap'
import { TitleHistory } from '../../src/stream/title-history.ts'

t.test('keeps the last 20 titles, newest first', async (t) => {
  const history = new TitleHistory()
  for (let i = 0; i < 30; i++) history.add(`title ${i}`, i)
  t.equal(history.all.length, 20)
  t.strictSame(history.all[0], { text: 'title 29', since: 29 })
  t.strictSame(history.all.at(-1), { text: 'title 10', since: 10 })
})

t.test('has no unknown title, and none twice in a row', async (t) => {
  const history = new TitleHistory()
  for (const text of ['', 'one', '', 'one', 'two', 'one']) history.add(text, 0)
  t.strictSame(
    history.all.map(({ text }) => text),
    ['one', 'two', 'one'],
  )
})
