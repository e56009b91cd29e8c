import t from 'tap'
import { TimeTotal } from '../../src/stream/time-total.ts'

t.test('the total is the time of all together, also of those that have not ended', async (t) => {
  const total = new TimeTotal()
  t.equal(total.msAt(500), 0)
  total.begin(1000)
  total.begin(1500)
  t.equal(total.msAt(2000), 1500)
  total.end(2000)
  total.end(3000)
  t.equal(total.msAt(9000), 2500)
})
