import fc from 'fast-check'
import t from 'tap'
import { ConnectionLimits, shareConnections } from '../../src/access/connection-limits.ts'

t.test('lets in as many connections as the maximum, over all threads', async (t) => {
  const shared = shareConnections({ all: 5, ofAddress: 0 }, 3)
  const threads = [0, 1, 2].map((slot) => new ConnectionLimits(shared, slot))
  const enter = (number: number) => threads[number % 3]?.enter()
  t.same([0, 1, 2, 3, 4, 5, 6].map(enter), [true, true, true, true, true, false, false])
  threads[1]?.leave()
  t.same([2, 0].map(enter), [true, false])
})

t.test('counts the connections of a client over all threads, and clients apart from each other', async (t) => {
  const shared = shareConnections({ all: 0, ofAddress: 2 }, 2)
  const [one, other] = [new ConnectionLimits(shared, 0), new ConnectionLimits(shared, 1)]
  t.same([one.enterClient('192.0.2.1'), other.enterClient('192.0.2.1')], [true, true])
  t.same([one.enterClient('192.0.2.1'), other.enterClient('192.0.2.1')], [false, false])
  t.ok(one.enterClient('192.0.2.2'))
  other.leaveClient('192.0.2.1')
  t.ok(one.enterClient('192.0.2.1'))
  t.ok(one.enter(), 'all connections are unlimited')
})

t.test('forgets the connections of a thread that has ended', async (t) => {
  const shared = shareConnections({ all: 2, ofAddress: 1 }, 2)
  const [main, thread] = [new ConnectionLimits(shared, 0), new ConnectionLimits(shared, 1)]
  t.ok(main.enter())
  t.ok(main.enterClient('a'))
  t.ok(thread.enter())
  t.ok(thread.enterClient('b'))
  t.notOk(main.enter())
  main.forget(1)
  t.ok(main.enter())
  t.ok(main.enterClient('b'))
  t.notOk(main.enterClient('a'))
})

t.test('never lets in more than the maximum of a client, and hardly ever fewer', async (t) => {
  const clients = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 2 })))
  fc.assert(
    fc.property(clients, (steps) => {
      const shared = shareConnections({ all: 0, ofAddress: 3 }, 3)
      const threads = [0, 1, 2].map((slot) => new ConnectionLimits(shared, slot))
      const open = new Map<string, number[]>()
      return steps.every(([isEntering, client, slot]) => {
        const name = `192.0.2.${client}`
        const own = open.get(name) ?? []
        open.set(name, own)
        if (!isEntering) {
          const left = own.pop()
          if (left !== undefined) threads[left]?.leaveClient(name)
          return true
        }
        const mayEnter = own.length < 3
        if (threads[slot]?.enterClient(name)) own.push(slot)
        else if (mayEnter) return false
        return own.length <= 3
      })
    }),
    { numRuns: 100 },
  )
  const crowd = new ConnectionLimits(shareConnections({ all: 0, ofAddress: 2 }, 1), 0)
  let refused = 0
  for (let number = 0; number < 20_000; number++) if (!crowd.enterClient(`2001:db8:${number}:0::/64`)) refused++
  t.ok(refused < 20, `${refused} of 20,000`)
})
