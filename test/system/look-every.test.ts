import t from 'tap'
import { untilNextLook } from '../../src/system/look-every.ts'

t.test('looks are at whole multiples of their interval', async (t) => {
  t.equal(untilNextLook(0, 1_000), 1_000)
  t.equal(untilNextLook(2_300, 1_000), 700)
  t.equal(untilNextLook(1_999.6, 1_000).toFixed(1), '1000.4', 'not twice when a timer was early')
  t.equal(untilNextLook(3_000, 1_000), 1_000)
})
