import type { NetworkInterfaceInfo } from 'node:os'
import t from 'tap'
import { addressesForOthers, namesOfHost } from '../../src/tls/host-names.ts'

function at(address: string, internal = false): NetworkInterfaceInfo {
  const family = address.includes(':') ? 'IPv6' : 'IPv4'
  return {
    address,
    netmask: '',
    mac: '',
    internal,
    cidr: null,
    family,
    ...(family === 'IPv6' && { scopeid: 0 }),
  } as NetworkInterfaceInfo
}

const INTERFACES = {
  lo: [at('127.0.0.1', true), at('::1', true)],
  eth0: [at('fe80::1'), at('fd00::7'), at('192.0.2.7')],
}

t.test('includes the host name, its name in multicast DNS, and localhost', async (t) => {
  const { names } = namesOfHost('', 'Box', {})
  t.strictSame(names, ['localhost', 'box', 'box.local'])
  t.strictSame(namesOfHost('', 'box.example.org', {}).names, ['localhost', 'box.example.org', 'box.local'])
  t.strictSame(namesOfHost('', 'box.local', {}).names, ['localhost', 'box.local'])
})

t.test('includes the name at which it listens', async (t) => {
  t.ok(namesOfHost('radio.lan', 'box', {}).names.includes('radio.lan'))
  t.strictSame(namesOfHost('192.0.2.7', 'box', {}).names, ['localhost', 'box', 'box.local'])
})

t.test('leaves out host names that are not valid in the DNS', async (t) => {
  t.strictSame(namesOfHost('', 'Müllers Kiste', {}).names, ['localhost'])
  t.strictSame(namesOfHost('', '', {}).names, ['localhost'])
})

t.test('includes all addresses except link-local ones', async (t) => {
  const { addresses } = namesOfHost('', 'box', INTERFACES)
  t.strictSame(addresses, ['127.0.0.1', '::1', 'fd00::7', '192.0.2.7'])
})

t.test('limits the number of addresses in a certificate', async (t) => {
  const many = Array.from({ length: 500 }, (_, i) => at(`10.0.${i >> 8}.${i & 255}`))
  t.ok(namesOfHost('', 'box', { docker: many }).addresses.length < 70)
})

t.test('reports an IPv4 address for other hosts if there is one, else an IPv6 address', async (t) => {
  t.strictSame(addressesForOthers('any', INTERFACES), ['192.0.2.7'])
  t.strictSame(addressesForOthers('any', { lo: INTERFACES.lo, eth0: [at('fd00::7')] }), ['fd00::7'])
  t.strictSame(addressesForOthers('IPv4', { lo: INTERFACES.lo, eth0: [at('fd00::7')] }), [])
  t.strictSame(addressesForOthers('any', { lo: INTERFACES.lo }), [])
  const bridges = Array.from({ length: 9 }, (_, index) => [`br${index}`, [at(`172.17.${index}.1`)]])
  t.equal(addressesForOthers('any', Object.fromEntries(bridges)).length, 4)
})
