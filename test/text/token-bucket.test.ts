import t from 'tap'
import { TokenBucket } from '../../src/text/token-bucket.ts'

t.test('allows its capacity at once, and then the rate', async (t) => {
  const bucket = new TokenBucket(10, 20)
  t.equal(bucket.take(20, 0), true)
  t.equal(bucket.take(10, 1_000), true)
  t.equal(bucket.take(5, 1_500), true)
  t.equal(bucket.take(1, 1_500), false)
})

t.test('takes nothing when too little is left', async (t) => {
  const bucket = new TokenBucket(10, 20)
  t.equal(bucket.take(15, 0), true)
  t.equal(bucket.take(10, 0), false)
  t.equal(bucket.take(5, 0), true)
})

t.test('holds no more than its capacity after a long pause', async (t) => {
  const bucket = new TokenBucket(10, 20)
  t.equal(bucket.take(20, 1e9), true)
  t.equal(bucket.take(1, 1e9), false)
})

t.test('holds more than its capacity after the other side had to wait', async (t) => {
  const bucket = new TokenBucket(10, 20)
  t.equal(bucket.take(20, 0), true)
  bucket.credit(5_000)
  t.equal(bucket.take(50, 5_000), true)
  t.equal(bucket.take(1, 5_000), false)
})
