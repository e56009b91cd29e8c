import t from 'tap'
import { createHistory } from '../../src/status/history.ts'

t.test('returns points from the oldest on, with the number of the first', async (t) => {
  const history = createHistory(5, 3, 0)
  t.strictSame(history.report(), { everySeconds: 5, from: 0, listeners: [] })
  history.add(7)
  history.add(8)
  t.strictSame(history.report(), { everySeconds: 5, from: 0, listeners: [7, 8] })
})

t.test('keeps the last points only', async (t) => {
  const history = createHistory(5, 3, 100)
  for (let i = 0; i < 10; i++) history.add(i)
  t.strictSame(history.report(), { everySeconds: 5, from: 107, listeners: [7, 8, 9] })
})
