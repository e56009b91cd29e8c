import t from 'tap'
import { clientKey, HlsClients } from '../../src/hls/hls-clients.ts'
import { createManualClock } from '../manual-clock.ts'

function open() {
  const clock = createManualClock()
  const left: string[] = []
  const permission = (name: string, limitMs?: number) => ({ limitMs, leave: () => void left.push(name) })
  return { clock, clients: new HlsClients(() => 18_000, clock), left, permission }
}

t.test('a client is there until it has not asked for some time', async (t) => {
  const { clock, clients, left, permission } = open()
  clients.add('one', permission('one'))
  clients.add('other')
  await clock.advance(17_000)
  t.ok(clients.asked('one'))
  await clock.advance(17_000)
  t.equal(clients.count, 1)
  t.equal(clients.asked('other'), undefined)
  t.strictSame(left, [])
  await clock.advance(2_000)
  t.equal(clients.count, 0)
  t.strictSame(left, ['one'])
})

t.test('of two first requests at once, one takes a place', async (t) => {
  const { clients, left, permission } = open()
  clients.add('one', permission('first'))
  clients.add('one', permission('second'))
  t.strictSame(left, ['second'])
  clients.clear()
  t.strictSame(left, ['second', 'first'])
})

t.test('a permission with a time limit is asked for again', async (t) => {
  const { clock, clients, left, permission } = open()
  clients.add('one', permission('one', 5_000))
  await clock.advance(4_999)
  t.ok(clients.asked('one'))
  await clock.advance(1)
  t.equal(clients.asked('one'), undefined)
  t.strictSame(left, ['one'])
})

t.test('more clients than can be told apart are forgotten, least recent first', async (t) => {
  const { clients, left, permission } = open()
  clients.add('first', permission('first'))
  for (let at = 0; at < 20_000; at++) clients.add(`${at}`)
  t.equal(clients.count, 20_000)
  t.strictSame(left, ['first'])
})

t.test('keys differ by each part', async (t) => {
  const keys = [clientKey('a', 'b'), clientKey('ab', ''), clientKey('a', 'c'), clientKey('a,b')]
  t.equal(new Set(keys).size, keys.length)
  t.equal(clientKey('a', 'b'), clientKey('a', 'b'))
})
