import type { Socket } from 'node:net'
import t from 'tap'
import { originOf } from '../../src/transport/origin.ts'

t.test('reports the address of a client as it is, and an IPv4-mapped one as IPv4', async (t) => {
  const cases = [
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['fe80::ffff:1', 'fe80::ffff:1'],
    ['2001:db8::ffff:0:1', '2001:db8::ffff:0:1'],
    ['::1', '::1'],
  ]
  for (const [remoteAddress, address] of cases)
    t.match(originOf({ remoteAddress, remotePort: 7 } as Socket), { address, port: 7, isSecure: false })
})
