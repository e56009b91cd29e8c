import t from 'tap'
import { distanceText } from '../../src/web/shared/distance-text.ts'

t.test('names distances in units that can be grasped', async (t) => {
  const texts = {
    400: '0 s',
    48_000: '48 s',
    59_600: '1 min',
    260_000: '4 min 20 s',
    725_000: '12 min',
    3_599_000: '1 h',
    3_900_000: '1 h 5 min',
    90_000_000: '25 h',
  }
  for (const [ms, text] of Object.entries(texts)) t.equal(distanceText(Number(ms)), text, ms)
})
