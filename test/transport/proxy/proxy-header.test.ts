import fc from 'fast-check'
import t from 'tap'
import { BadRequest } from '../../../src/transport/http/request-head.ts'
import { type BehindHeader, ProxyHeader } from '../../../src/transport/proxy/proxy-header.ts'
import { headerV2, TCP4, TCP6, tlv } from './headers.ts'

type Outcome = BehindHeader | 'refused' | undefined

/** Reads the bytes in chunks of these lengths. */
function read(bytes: Buffer, lengths: readonly number[] = []): Outcome {
  const header = new ProxyHeader()
  let at = 0
  for (const length of [...lengths, bytes.length]) {
    const chunk = bytes.subarray(at, at + length)
    at += chunk.length
    if (chunk.length === 0) continue
    try {
      const behind = header.read(chunk)
      if (behind !== undefined) return { ...behind, rest: Buffer.concat([behind.rest, bytes.subarray(at)]) }
    } catch (error) {
      if (error instanceof BadRequest && error.status === 400) return 'refused'
      throw error
    }
  }
  return undefined
}

const REQUEST = 'GET / HTTP/1.1\r\n\r\n'
const V1_LINES: readonly (readonly [line: string, address: string, port: number])[] = [
  ['PROXY TCP4 203.0.113.9 192.0.2.1 56324 443\r\n', '203.0.113.9', 56_324],
  ['PROXY TCP6 2001:0DB8::0:1 ::1 0 65535\r\n', '2001:db8::1', 0],
  ['PROXY TCP6 ::ffff:203.0.113.9 ::1 1 1\r\n', '203.0.113.9', 1],
]

t.test('reads the client of version 1', async (t) => {
  for (const [line, address, port] of V1_LINES)
    t.strictSame(read(Buffer.from(line + REQUEST)), {
      hasHeader: true,
      client: { address, port, isSecure: undefined },
      rest: Buffer.from(REQUEST),
    })
})

t.test('keeps the peer for UNKNOWN, whatever follows it', async (t) => {
  for (const line of ['PROXY UNKNOWN\r\n', 'PROXY UNKNOWN ffff:f...f:ffff 1 2\r\n'])
    t.strictSame(read(Buffer.from(`${line}x`)), { hasHeader: true, client: undefined, rest: Buffer.from('x') })
})

t.test('refuses malformed headers of version 1', async (t) => {
  for (const line of [
    'PROXY \r\n',
    'PROXY TCP4\r\n',
    'PROXY TCP4 203.0.113.9 192.0.2.1 1 2\n',
    'PROXY TCP4 203.0.113.9 192.0.2.1 1 2 \r\n',
    'PROXY TCP4  203.0.113.9 192.0.2.1 1 2\r\n',
    'PROXY TCP4 203.0.113.9 192.0.2.1 1\r\n',
    'PROXY TCP4 203.0.113.9 192.0.2.1 01 2\r\n',
    'PROXY TCP4 203.0.113.9 192.0.2.1 1 65536\r\n',
    'PROXY TCP4 203.0.113.9 192.0.2.1 -1 2\r\n',
    'PROXY TCP4 203.0.113.999 192.0.2.1 1 2\r\n',
    'PROXY TCP4 2001:db8::1 ::1 1 2\r\n',
    'PROXY TCP6 203.0.113.9 192.0.2.1 1 2\r\n',
    'PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n',
    'PROXY UDP4 203.0.113.9 192.0.2.1 1 2\r\n',
    'PROXY unknown\r\n',
    'PROXY UNKNOWNS\r\n',
    `PROXY UNKNOWN ${'x'.repeat(100)}\r\n`,
    'x'.repeat(200).replace(/^x{6}/, 'PROXY '),
  ])
    t.equal(read(Buffer.from(line)), 'refused', JSON.stringify(line))
})

t.test('reads the client of version 2', async (t) => {
  const bytes = (header: Buffer) => Buffer.concat([header, Buffer.from(REQUEST)])
  t.strictSame(read(bytes(headerV2(0x21, 0x11, TCP4))), {
    hasHeader: true,
    client: { address: '203.0.113.9', port: 4711, isSecure: undefined },
    rest: Buffer.from(REQUEST),
  })
  t.match(read(bytes(headerV2(0x21, 0x21, TCP6))), { client: { address: '2001:db8::9', port: 4711 } })
})

/** Returns whether the client of a header with these TLVs has used TLS. */
function secure(...tlvs: readonly Buffer[]): boolean | undefined | 'refused' {
  const outcome = read(headerV2(0x21, 0x11, Buffer.concat([TCP4, ...tlvs])))
  return typeof outcome === 'object' ? outcome.client?.isSecure : outcome
}

t.test('reads from the TLV of TLS whether the client has used it', async (t) => {
  t.equal(secure(tlv(0x20, [1, 0, 0, 0, 0])), true)
  t.equal(secure(tlv(0x01, [104, 50]), tlv(0x20, [7, 0, 0, 0, 0, 0x21, 0, 1, 65])), true)
  t.equal(secure(tlv(0x20, [0, 0, 0, 0, 0])), false)
  t.equal(secure(tlv(0x04, [])), undefined)
  t.equal(secure(tlv(0x20, [1, 0, 0, 0])), 'refused')
  t.equal(secure(tlv(0x20, [1, 0, 0, 0, 0]).subarray(0, 6)), 'refused')
})

t.test('keeps the peer for LOCAL, and for families without an IP address of TCP', async (t) => {
  for (const header of [
    headerV2(0x20, 0x00, Buffer.alloc(0)),
    headerV2(0x20, 0x11, Buffer.from('anything')),
    headerV2(0x21, 0x00, Buffer.alloc(0)),
    headerV2(0x21, 0x31, Buffer.alloc(216)),
    headerV2(0x21, 0x12, TCP4),
  ])
    t.strictSame(read(header), { hasHeader: true, client: undefined, rest: Buffer.alloc(0) })
})

t.test('refuses malformed headers of version 2', async (t) => {
  for (const header of [
    headerV2(0x11, 0x11, TCP4),
    headerV2(0x22, 0x11, TCP4),
    headerV2(0x21, 0x41, TCP4),
    headerV2(0x21, 0x13, TCP4),
    headerV2(0x21, 0x01, TCP4),
    headerV2(0x20, 0x99, TCP4),
    headerV2(0x21, 0x11, TCP4.subarray(1)),
    headerV2(0x21, 0x21, TCP4),
    headerV2(0x21, 0x31, TCP4),
    headerV2(0x21, 0x11, Buffer.concat([TCP4, Buffer.from([4, 0])])),
    headerV2(0x21, 0x11, Buffer.concat([TCP4, Buffer.alloc(4_100)])),
  ])
    t.equal(read(header), 'refused', header.toString('hex', 12, 40))
})

t.test('leaves bytes alone that are no header', async (t) => {
  for (const text of [
    REQUEST,
    'PUT / HTTP/1.1\r\n',
    'PROXIES',
    'PROXY\r\n',
    '\r\n\r\nGET',
    '\r\n\r\n\0\r\nQUIX',
    '\x16',
  ])
    t.strictSame(read(Buffer.from(text)), { hasHeader: false, client: undefined, rest: Buffer.from(text) }, text)
  for (const text of ['P', 'PROXY', '\r\n\r\n\0\r\nQUIT']) t.equal(read(Buffer.from(text)), undefined)
})

t.test('no input throws anything else, and any split gives the same', async () => {
  const starts = [
    '',
    'PROXY ',
    'PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n',
    '\r\n\r\n\0\r\nQUIT\n',
    '\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c',
  ]
  const bytes = fc
    .tuple(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 200 }))
    .map(([start, rest]) => Buffer.concat([Buffer.from(start, 'latin1'), rest]))
  fc.assert(
    fc.property(bytes, fc.array(fc.integer({ min: 1, max: 20 })), (input, lengths) => {
      fc.pre(input.length > 0)
      const [whole, split] = [read(input), read(input, lengths)]
      return JSON.stringify(whole) === JSON.stringify(split)
    }),
    { numRuns: 2_000 },
  )
})
