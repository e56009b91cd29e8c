import t from 'tap'
import { byteWords, countWords, percentWords, rateWords } from '../../../src/web/status/words.ts'

t.test('writes numbers of things', async (t) => {
  t.equal(countWords(0, 'listener'), '0 listeners')
  t.equal(countWords(1, 'listener'), '1 listener')
  t.equal(countWords(12_345, 'listener'), '12,345 listeners')
})

t.test('writes sizes and rates with at most three digits', async (t) => {
  t.equal(byteWords(0), '0 B')
  t.equal(byteWords(999), '999 B')
  t.equal(byteWords(1_234), '1.23 kB')
  t.equal(byteWords(1_234_567_890), '1.23 GB')
  t.equal(byteWords(5e21), '5,000,000 PB')
  t.equal(rateWords(128_000), '128 kbit/s')
  t.equal(rateWords(1_411_200), '1.41 Mbit/s')
  t.equal(percentWords(0.0031), '0.31%')
})
