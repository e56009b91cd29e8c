import t from 'tap'
import { burstOf } from '../../src/delivery/burst.ts'
import { startOf } from '../../src/ring/cursor.ts'

const SECONDS = 60

/** Number of seconds of a burst, from a ring of a minute that has a frame each second. */
function burstOfStream(kbps: number): number {
  const bytes = Buffer.alloc((kbps * 1000) / 8)
  const ring = { first: 0, next: SECONDS, at: () => ({ bytes, durationUs: 1_000_000 }) }
  return SECONDS - startOf(ring, burstOf(undefined), 0)
}

t.test('a burst has 2 s, or fills the block of 32 KiB that browsers wait for', async (t) => {
  t.equal(burstOfStream(320), 2)
  t.equal(burstOfStream(64), 5)
  t.equal(burstOfStream(16), 17)
})

t.test('a burst has 20 s at most', async (t) => {
  t.equal(burstOfStream(8), 20)
})
