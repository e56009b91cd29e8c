import t from 'tap'
import { wallTime, wallTimeInEpoch } from '../../src/hls/wall-time.ts'

const BEFORE = { endsAt: 1_000_000, durationUs: 6_000_000 }

t.test('the first segment has the time of its arrival', async (t) => {
  t.equal(wallTime(5, undefined), 5)
})

t.test('a segment follows the one before, and differs from it by a thousandth at most', async (t) => {
  t.equal(wallTime(1_000_002, BEFORE), 1_000_002)
  t.equal(wallTime(1_000_900, BEFORE), 1_000_006)
  t.equal(wallTime(996_000, BEFORE), 999_994)
})

t.test('a gap in the source, and a clock that was set, make time jump', async (t) => {
  t.equal(wallTime(1_003_001, BEFORE), 1_003_001)
  t.equal(wallTime(900_000, BEFORE), 900_000)
})

t.test('in a marked epoch the time follows from the position, while it is near that of the arrival', async (t) => {
  t.equal(wallTimeInEpoch(1_000_000, 12_000_000, 1_019_000, 6_000), 1_012_000)
  t.equal(wallTimeInEpoch(1_000_000, 12_000_000, 1_028_000, 6_000), 1_028_000)
  t.equal(wallTimeInEpoch(1_000_000, 12_000_000, 1_009_000, 1_000), 1_009_000)
})
