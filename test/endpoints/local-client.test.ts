import type { IncomingMessage } from 'node:http'
import { hostname } from 'node:os'
import t from 'tap'
import { isLocalAddress } from '../../src/access/address.ts'
import { isLocalClient } from '../../src/endpoints/local-client.ts'

function asks(remoteAddress: string, headers: Readonly<Record<string, string>>): boolean {
  return isLocalClient({ remoteAddress, message: { headers } as unknown as IncomingMessage })
}

t.test('counts loopback, private and link-local addresses as local', async (t) => {
  for (const address of [
    '127.0.0.1',
    '127.255.0.9',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.178.20',
    '169.254.7.7',
    '::1',
    'fe80::1',
    'fe80::1%eth0',
    'fd12:3456::1',
    'fc00::1',
    '::ffff:192.168.1.2',
    '::ffff:c0a8:0102',
  ])
    t.ok(isLocalAddress(address), address)
})

t.test('counts all other addresses, and anything else, as not local', async (t) => {
  for (const address of [
    '8.8.8.8',
    '126.255.255.255',
    '11.0.0.1',
    '172.15.255.255',
    '172.32.0.1',
    '192.167.0.1',
    '100.64.0.1',
    '0.0.0.0',
    '2001:db8::1',
    'fec0::1',
    'fe00::1',
    '::ffff:8.8.8.8',
    '::',
    '?',
    '',
    'localhost',
    '10.0.0.1, 8.8.8.8',
  ])
    t.notOk(isLocalAddress(address), address)
})

t.test('accepts a request at an address or a name of the network', async (t) => {
  for (const host of [
    '192.168.1.7:8080',
    '127.0.0.1',
    '[::1]:8080',
    '[fe80::1]',
    'localhost:8080',
    'LOCALHOST',
    'pi',
    'pi.local:80',
    'box.home.arpa',
    'nas.lan',
    'nas.lan.',
    'radio.internal',
    'radio.localhost',
    '8.8.8.8',
    hostname(),
  ])
    t.ok(asks('192.168.1.9', { host }), host)
  t.ok(asks('192.168.1.9', {}), 'HTTP/1.0')
})

t.test('refuses a name that anyone could point to an address of the network', async (t) => {
  for (const host of ['rebind.example.com', 'localhost.example.com:80', 'local', 'evil.com.', '1.2.3.4.example.org'])
    t.equal(asks('127.0.0.1', { host }), host === 'local', host)
})

t.test('refuses a name below a domain that can be registered', async (t) => {
  for (const host of [
    'evil.box',
    'evil.box:8080',
    'evil.box.',
    'fritz.box',
    'evil.home',
    'evil.arpa',
    'evilhome.arpa',
    'x.lan.de',
  ])
    t.notOk(asks('127.0.0.1', { host }), host)
})

t.test('refuses a client behind a proxy, for any proxy and any fields', async (t) => {
  for (const [name, value] of Object.entries({
    'x-forwarded-for': '127.0.0.1',
    forwarded: 'for=192.168.1.7',
    'x-real-ip': '10.0.0.1',
    via: '1.1 proxy',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'localhost',
    'x-forwarded-prefix': '/radio',
    'x-forwarded-server': 'proxy',
    'x-original-forwarded-for': '127.0.0.1',
    'x-original-host': 'localhost',
    'cf-connecting-ip': '127.0.0.1',
    'cf-connecting-ipv6': '::1',
    'true-client-ip': '127.0.0.1',
    'x-client-ip': '127.0.0.1',
    'x-cluster-client-ip': '127.0.0.1',
    'fastly-client-ip': '127.0.0.1',
    'x-azure-clientip': '127.0.0.1',
    'x-appengine-user-ip': '127.0.0.1',
    'x-envoy-external-address': '127.0.0.1',
    'x-remote-addr': '127.0.0.1',
    'cdn-loop': 'cloudflare',
  }))
    t.notOk(asks('127.0.0.1', { host: 'localhost', [name]: value }), name)
})

t.test('accepts a browser with all fields that browsers send', async (t) => {
  const names = [
    'user-agent',
    'accept',
    'accept-language',
    'sec-fetch-dest',
    'dnt',
    'referer',
    'x-requested-with',
    'icy-metadata',
  ]
  t.ok(asks('127.0.0.1', { host: 'localhost', ...Object.fromEntries(names.map((name) => [name, '1'])) }))
})
