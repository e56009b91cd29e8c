import t from 'tap'
import { createTokenBucket } from '../../src/talk/token-bucket.ts'

t.test('so much may come at once, and then so much a second', async (t) => {
  const allowance = createTokenBucket(10, 2)
  t.equal(allowance.take(20, 0), true)
  t.equal(allowance.take(10, 1_000), true)
  t.equal(allowance.take(5, 1_500), true)
  t.equal(allowance.take(1, 1_500), false)
})

t.test('a long silence is worth no more than a burst', async (t) => {
  const allowance = createTokenBucket(10, 2)
  t.equal(allowance.take(20, 1e9), true)
  t.equal(allowance.take(1, 1e9), false)
})
