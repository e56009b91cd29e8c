import fc from 'fast-check'
import t from 'tap'
import { countedClient } from '../../src/access/counted-client.ts'
import { readForwarded } from '../../src/access/forwarded.ts'
import { createTrustedProxies } from '../../src/access/trusted-proxies.ts'

const PROXIES = createTrustedProxies(['192.0.2.1', '198.51.100.0/24', '2001:db8:1::/48'])

function client(fields: Readonly<Record<string, string>>, peer = '192.0.2.1'): string | undefined {
  return readForwarded(peer, new Map(Object.entries(fields)), PROXIES).address
}

t.test('believes exactly the configured proxies, in any spelling', async (t) => {
  for (const address of ['192.0.2.1', '::ffff:192.0.2.1', '198.51.100.255', '2001:db8:1:ffff::9', '2001:0db8:0001::1'])
    t.ok(PROXIES.isTrustedProxy(address, 'shown'), address)
  for (const address of ['127.0.0.1', '::1', '10.0.0.1', '192.0.2.2', '198.51.101.0', '2001:db8:2::1', '?', ''])
    t.notOk(PROXIES.isTrustedProxy(address, 'counted'), address)
})

t.test('believes the local network for what is shown, and loopback for limits, when none is configured', async (t) => {
  const proxies = createTrustedProxies(undefined)
  t.ok(proxies.isTrustedProxy('10.0.0.1', 'shown'))
  t.notOk(proxies.isTrustedProxy('10.0.0.1', 'counted'))
  t.ok(proxies.isTrustedProxy('127.0.0.1', 'counted'))
  t.notOk(proxies.isTrustedProxy('192.0.2.1', 'shown'))
})

t.test('finds the right-most address that is not of a trusted proxy', async (t) => {
  t.equal(client({ 'x-forwarded-for': '203.0.113.9, 203.0.113.5, 198.51.100.7' }), '203.0.113.5')
  t.equal(client({ 'x-forwarded-for': '203.0.113.9, 198.51.100.8,198.51.100.7 , 2001:db8:1::3' }), '203.0.113.9')
  t.equal(client({ forwarded: 'for=203.0.113.9, for="[2001:db8:1::3]:80";proto=https' }), '203.0.113.9')
  t.equal(client({ 'x-real-ip': '203.0.113.9' }), '203.0.113.9')
  t.equal(client({ 'x-forwarded-for': '203.0.113.1', 'x-real-ip': '203.0.113.9' }), '203.0.113.1')
})

t.test('ends the search at an address that is not valid, and at the beginning', async (t) => {
  t.equal(client({ 'x-forwarded-for': '203.0.113.9, unknown, 198.51.100.7' }), '198.51.100.7')
  t.equal(client({ forwarded: 'for=203.0.113.9, for=_hidden' }), undefined)
  t.equal(client({ 'x-forwarded-for': '198.51.100.9, 198.51.100.7' }), '198.51.100.9')
  t.equal(client({}), undefined)
})

t.test('ignores the fields of all other peers, loopback included', async (t) => {
  for (const peer of ['127.0.0.1', '10.1.2.3', '203.0.113.7'])
    t.equal(client({ 'x-forwarded-for': '203.0.113.9', 'x-real-ip': '203.0.113.9' }, peer), undefined, peer)
  const fields = new Map([['x-forwarded-for', '203.0.113.9']])
  t.equal(countedClient('127.0.0.1', fields, PROXIES), '127.0.0.1')
  t.equal(countedClient('192.0.2.1', fields, PROXIES), '203.0.113.9')
})

t.test('no client can choose its address by what it sends itself', async () => {
  const address = fc.oneof(fc.ipV4(), fc.ipV6(), fc.string(), fc.constant('198.51.100.1'))
  const real = '203.0.113.77'
  fc.assert(
    fc.property(fc.array(address), (sent) => {
      const list = [...sent.map((one) => one.replaceAll(',', '')), real, '198.51.100.7'].join(', ')
      return client({ 'x-forwarded-for': list }) === real
    }),
  )
})
