import fc from 'fast-check'
import t from 'tap'
import { reconnectPause, tryTime } from '../../src/hub/nats/reconnect-pause.ts'
import { ServerOrder } from '../../src/hub/nats/server-order.ts'

const longest = (failures: number) => reconnectPause(failures, 3, 0)

t.test('each server is tried at once, and then ever less often, up to 2 s', async (t) => {
  t.strictSame([0, 1, 2].map((failures) => reconnectPause(failures, 3, 0.999)).map(Math.round), [20, 20, 20])
  t.strictSame([3, 4, 5, 6, 7, 8, 9, 1_000_000].map(longest), [100, 200, 400, 800, 1_600, 2_000, 2_000, 2_000])
})

t.test('pauses are within their limits and spread', async (t) => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 10 }), random, (failures, servers, chance) => {
      const pause = reconnectPause(failures, servers, chance)
      const time = tryTime(failures, servers)
      return pause >= 0 && pause <= 2_000 && time >= 1_000 && time <= 8_000
    }),
  )
  t.equal(reconnectPause(20, 3, 0.5), 1_500)
  t.pass()
})

t.test('a try takes longer with each round of the servers', async (t) => {
  t.strictSame(
    [0, 2, 3, 6, 9, 99].map((failures) => tryTime(failures, 3)),
    [1_000, 1_000, 2_000, 4_000, 8_000, 8_000],
  )
})

t.test('servers are tried by turns, in an order by chance', async (t) => {
  const servers = ['a', 'b', 'c']
  const chances = [0.9, 0.1, 0.5]
  const order = new ServerOrder(servers, () => chances.shift() ?? 0)
  t.equal(order.length, 3)
  t.strictSame(
    Array.from({ length: 7 }, () => order.next()),
    ['b', 'c', 'a', 'b', 'c', 'a', 'b'],
  )
  const firsts = Array.from({ length: 300 }, () => new ServerOrder(servers, Math.random).next())
  for (const server of servers) t.ok(firsts.filter((first) => first === server).length > 50)
})
