import fc from 'fast-check'
import t from 'tap'
import { networkOf, plainAddress } from '../../src/access/address.ts'

const GROUP = fc.integer({ min: 0, max: 0xffff })
const GROUPS = fc.tuple(GROUP, GROUP, GROUP, GROUP, GROUP, GROUP, GROUP, GROUP)
const ZEROS_LIKELY = fc.array(fc.oneof(fc.constant(0), GROUP), { minLength: 8, maxLength: 8 })

t.test('writes an IPv4-mapped address as IPv4, and leaves others as they are', async (t) => {
  t.equal(plainAddress('::ffff:192.0.2.7'), '192.0.2.7')
  t.equal(plainAddress('::FFFF:192.0.2.7'), '192.0.2.7')
  for (const address of [
    '192.0.2.7',
    'fe80::ffff:1',
    '2001:db8::ffff:1',
    '::1',
    '::ffff:1',
    'fe80::ffff:10.0.0.1',
    '?',
  ])
    t.equal(plainAddress(address), address)
})

t.test('counts an IPv4 address as one client, however it is written', async (t) => {
  for (const address of [
    '127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '0:0:0:0:0:ffff:127.0.0.1',
    '::FFFF:7F00:0001',
  ])
    t.equal(networkOf(address), '127.0.0.1', address)
})

t.test('counts an IPv6 /64 as one client', async (t) => {
  t.equal(networkOf('2001:db8::1'), '2001:db8:0:0::/64')
  t.equal(networkOf('2001:db8:0:0:ffff::'), networkOf('2001:db8::1'))
  t.not(networkOf('2001:db8:0:1::1'), networkOf('2001:db8::1'))
  t.equal(networkOf('fe80::1%eth0'), networkOf('fe80::ffff:1'))
  t.equal(networkOf('::1'), networkOf('::'))
})

t.test('gives one result for all spellings of an address', async () => {
  fc.assert(
    fc.property(ZEROS_LIKELY, fc.nat(7), fc.nat(7), (groups, from, length) => {
      const plain = groups.map((group) => group.toString(16)).join(':')
      const padded = groups.map((group) => group.toString(16).padStart(4, '0').toUpperCase()).join(':')
      const zeros = groups.slice(from, from + length + 1)
      const short = zeros.every((group) => group === 0)
        ? `${side(groups.slice(0, from))}::${side(groups.slice(from + length + 1))}`
        : plain
      return networkOf(plain) === networkOf(padded) && networkOf(plain) === networkOf(short)
    }),
  )
})

function side(groups: readonly number[]): string {
  return groups.map((group) => group.toString(16)).join(':')
}

t.test('depends on the first 64 bits alone', async () => {
  fc.assert(
    fc.property(GROUPS, GROUPS, (one, other) => {
      const first = one.map((group) => group.toString(16)).join(':')
      const second = [...one.slice(0, 4), ...other.slice(4)].map((group) => group.toString(16)).join(':')
      const isMapped = [first, second].some((text) => text.startsWith('0:0:0:0:0:ffff:'))
      return isMapped || networkOf(first) === networkOf(second)
    }),
  )
})

t.test('does not throw for any text', async () => {
  fc.assert(fc.property(fc.string(), (text) => typeof networkOf(text) === 'string'))
})
