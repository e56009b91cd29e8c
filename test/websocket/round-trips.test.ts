import t from 'tap'
import { createRoundTrips } from '../../src/websocket/round-trips.ts'

t.test('sends one probe at a time, at least 100 ms apart', async (t) => {
  const trips = createRoundTrips()
  t.equal(trips.isDue(0), true)
  const id = trips.sent(0)
  t.equal(trips.isDue(500), false)
  t.equal(trips.returned(id + 1, 20), false)
  t.equal(trips.returned(id, 20), true)
  t.equal(trips.returned(id, 20), false)
  t.strictSame([trips.isDue(99), trips.isDue(100), trips.lastMs], [false, true, 20])
})

t.test('reports a trip 200 ms above the minimum as late', async (t) => {
  const trips = createRoundTrips()
  trips.returned(trips.sent(0), 30)
  trips.sent(1_000)
  t.strictSame([trips.isLate(1_230), trips.isLate(1_231)], [false, true])
  t.equal(trips.inFlightMs(1_500), 500)
})

t.test('accepts a long first trip', async (t) => {
  const trips = createRoundTrips()
  trips.sent(0)
  t.strictSame([trips.isLate(600), trips.isLate(601)], [false, true])
})

t.test('learns that a network has become slower permanently', async (t) => {
  const trips = createRoundTrips()
  trips.returned(trips.sent(0), 5)
  let now = 1_000
  let tries = 0
  for (; tries < 20; tries++) {
    const id = trips.sent(now)
    if (!trips.isLate(now + 400)) break
    trips.returned(id, now + 400)
    now += 500
  }
  t.equal(tries, 8)
})
