import t from 'tap'
import { timeWords } from '../../src/text/time-words.ts'

t.test('writes times with the largest unit and the one below it', async (t) => {
  const times: readonly (readonly [ms: number, words: string])[] = [
    [-2_000, '0 s'],
    [0, '0 s'],
    [999, '0 s'],
    [1_000, '1 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [61_500, '1 min 1 s'],
    [3_600_000, '1 h'],
    [3_661_000, '1 h 1 min'],
    [7_500_000, '2 h 5 min'],
    [86_400_000, '1 d'],
    [90_000_000_000, '1041 d 16 h'],
  ]
  for (const [ms, words] of times) t.equal(timeWords(ms), words)
})
