import fc from 'fast-check'
import t from 'tap'
import { type Burst, startOf } from '../../src/ring/cursor.ts'
import { Ring } from '../../src/ring/ring.ts'

function ringOf(durations: readonly number[], frames = 100): Ring {
  const ring = new Ring({ frames })
  for (const durationUs of durations) ring.push({ bytes: Buffer.from('x'), durationUs })
  return ring
}

function time(us: number): Burst {
  return { us, bytes: 0, mostUs: 0 }
}

t.test('starts a listener as many whole frames back as its burst needs, and no more', async (t) => {
  const ring = ringOf([30, 30, 30, 30])
  t.equal(startOf(ring, time(60), 0), 2)
  t.equal(startOf(ring, time(61), 0), 1)
  t.equal(startOf(ring, time(1), 0), 3)
})

t.test('starts a listener at the newest frame without a burst, or without durations', async (t) => {
  t.equal(startOf(ringOf([30, 30, 30]), time(0), 0), 2)
  t.equal(startOf(ringOf([0, 0, 0]), time(1e6), 0), 2)
})

t.test('counts a frame of unknown duration, such as a page without the end of a packet, as 0', async (t) => {
  t.equal(startOf(ringOf([30, 30, 0, 30, 0]), time(60), 0), 1)
})

t.test('starts a listener a number of bytes back, up to a duration', async (t) => {
  const ring = ringOf([30, 30, 30, 30, 30])
  t.equal(startOf(ring, { us: 30, bytes: 3, mostUs: 1000 }, 0), 2)
  t.equal(startOf(ring, { us: 30, bytes: 100, mostUs: 60 }, 0), 3)
  t.equal(startOf(ring, { us: 90, bytes: 1, mostUs: 1000 }, 0), 2)
})

t.test('starts no listener before the floor, or at an overwritten frame', async (t) => {
  t.equal(startOf(ringOf([30, 30, 30, 30]), time(1e6), 1), 1)
  t.equal(startOf(ringOf([30, 30, 30, 30], 3), time(1e6), 0), 1)
})

t.test('waits for the next frame when a listener can start at none yet', async (t) => {
  t.equal(startOf(ringOf([]), time(1e6), 0), 0)
  t.equal(startOf(ringOf([30, 30]), time(1e6), 2), 2)
})

t.test('starts at a frame with the shortest sufficient burst, for any frames', async (t) => {
  const durations = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(durations, fc.nat(600), fc.nat(40), fc.integer({ min: 3, max: 40 }), (us, burst, floor, frames) => {
      const ring = ringOf(us, frames)
      const start = startOf(ring, time(burst), floor)
      const oldest = Math.max(ring.first, floor)
      if (oldest >= ring.next) return start === oldest
      const sum = (from: number) => us.slice(from).reduce((total, one) => total + one, 0)
      if (start < oldest || start >= ring.next) return false
      const isEnough = sum(start) >= burst || start === oldest
      return isEnough && (start === ring.next - 1 || sum(start + 1) < burst)
    }),
  )
  t.pass('as the sums say')
})
