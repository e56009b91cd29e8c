import t from 'tap'
import { isHurried, longestTick, shortestTick } from '../../src/delivery/tick-limits.ts'
import { Ring } from '../../src/ring/ring.ts'

const UNSAID = { maxDelayMs: undefined, burstMs: undefined }

/** Returns a ring of this duration and byte rate. */
function ringOf(seconds: number, bytesPerSecond: number): Ring {
  const ring = new Ring({ frames: 1000 })
  for (let i = 0; i < seconds * 10; i++) ring.push({ bytes: Buffer.alloc(bytesPerSecond / 10), durationUs: 100_000 })
  return ring
}

t.test('lets frames wait half a second where listeners start with a burst, else 100 ms', async (t) => {
  const ring = ringOf(10, 16_000)
  t.equal(longestTick({ ring, isRaw: false }, UNSAID), 500)
  t.equal(longestTick({ ring, isRaw: true }, UNSAID), 100)
  t.equal(longestTick({ ring, isRaw: false }, { ...UNSAID, burstMs: 0 }), 100)
})

t.test('limits the wait to a quarter of the burst and of the ring, and to a large write', async (t) => {
  const ring = ringOf(10, 16_000)
  t.equal(longestTick({ ring, isRaw: false }, { maxDelayMs: undefined, burstMs: 1_000 }), 250)
  t.equal(longestTick({ ring, isRaw: false }, { maxDelayMs: 60_000, burstMs: 60_000 }), 2_500)
  t.equal(Math.round(longestTick({ ring: ringOf(1, 16_000), isRaw: false }, UNSAID)), 250)
  t.equal(Math.round(longestTick({ ring: ringOf(10, 655_360), isRaw: false }, UNSAID)), 100)
})

t.test('applies -max-delay up to this limit, and 0 at once', async (t) => {
  const ring = ringOf(10, 16_000)
  t.equal(longestTick({ ring, isRaw: false }, { maxDelayMs: 20, burstMs: undefined }), 20)
  t.equal(longestTick({ ring, isRaw: false }, { maxDelayMs: 0, burstMs: undefined }), 0)
  t.equal(longestTick({ ring: new Ring({ frames: 10 }), isRaw: true }, { maxDelayMs: 300, burstMs: undefined }), 300)
})

t.test('writes without load eight times within a burst, as far as the ring has one, and at once without', async (t) => {
  const ring = ringOf(10, 16_000)
  t.equal(shortestTick({ ring, isRaw: false }, UNSAID), 250)
  t.equal(shortestTick({ ring, isRaw: false }, { ...UNSAID, burstMs: 400 }), 50)
  t.equal(shortestTick({ ring: ringOf(1, 16_000), isRaw: false }, UNSAID), 125)
  t.equal(shortestTick({ ring: new Ring({ frames: 10 }), isRaw: false }, UNSAID), 0, 'durations are not known')
  t.equal(shortestTick({ ring, isRaw: true }, UNSAID), 0)
  t.equal(shortestTick({ ring, isRaw: false }, { ...UNSAID, burstMs: 0 }), 0)
})

t.test('hurries for a listener with less than half of the usual burst', async (t) => {
  t.equal(isHurried(undefined, false, UNSAID), false)
  t.equal(isHurried(100, false, UNSAID), true)
  t.equal(isHurried(1_000, false, UNSAID), false)
  t.equal(isHurried(100, false, { ...UNSAID, burstMs: 100 }), false)
  t.equal(isHurried(0, true, UNSAID), false, 'raw frames are written at once anyway')
})
