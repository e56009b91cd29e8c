import fc from 'fast-check'
import t from 'tap'
import { type Forwarded, readForwarded } from '../../src/access/forwarded.ts'

const PROXY = '127.0.0.1'

function read(fields: Readonly<Record<string, string>>, peer = PROXY): Forwarded {
  return readForwarded(peer, new Map(Object.entries(fields)))
}

const NOTHING: Forwarded = { address: undefined, port: undefined, isSecure: undefined, host: undefined, prefix: '' }

t.test('reads the fields that nginx, Caddy, Apache and Traefik set', async (t) => {
  t.same(
    read({
      'x-forwarded-for': '198.51.100.9, 192.0.2.60',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'radio.example:8443',
      'x-forwarded-prefix': '/radio/',
    }),
    { address: '192.0.2.60', port: undefined, isSecure: true, host: 'radio.example:8443', prefix: '/radio' },
  )
})

t.test('reads the field of RFC 7239, with quoted strings and any case', async (t) => {
  t.same(read({ forwarded: 'for=192.0.2.43, For="[2001:db8:cafe::17]:4711";proto=HTTPS;host="radio.example"' }), {
    address: '2001:db8:cafe::17',
    port: 4711,
    isSecure: true,
    host: 'radio.example',
    prefix: '',
  })
  t.equal(read({ forwarded: 'for="192.0.2.1:80"; by="a,b;c\\"="' }).address, '192.0.2.1')
})

t.test('ignores the fields of a peer outside of private networks', async (t) => {
  const fields = {
    'x-forwarded-for': '192.0.2.60',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-prefix': '/x',
    forwarded: 'for=192.0.2.1;proto=https;host=evil.example',
  }
  for (const peer of ['8.8.8.8', '2001:db8::1', '::ffff:8.8.8.8', '?', '']) t.same(read(fields, peer), NOTHING, peer)
  for (const peer of ['127.0.0.1', '10.1.2.3', '::1', 'fd00::1', '::ffff:192.168.0.2']) {
    t.equal(read(fields, peer).address, '192.0.2.60', peer)
  }
})

t.test('takes the address that the nearest proxy appended as the client', async (t) => {
  t.equal(read({ 'x-forwarded-for': '192.0.2.60, unknown' }).address, undefined)
  t.equal(read({ forwarded: 'for=192.0.2.60, for=_hidden' }).address, undefined)
  t.equal(read({ 'x-forwarded-for': '192.0.2.60', forwarded: 'for=198.51.100.9' }).address, '192.0.2.60')
})

t.test('reads addresses with and without ports and brackets', async (t) => {
  const cases: Readonly<Record<string, readonly [string | undefined, number | undefined]>> = {
    '192.0.2.60:4711': ['192.0.2.60', 4711],
    '[2001:db8::1]': ['2001:db8::1', undefined],
    '[2001:db8::1]:80': ['2001:db8::1', 80],
    '2001:db8::1': ['2001:db8::1', undefined],
    '::ffff:192.0.2.60': ['192.0.2.60', undefined],
    '999.0.0.1': [undefined, undefined],
    'evil\t': [undefined, undefined],
    '': [undefined, undefined],
  }
  for (const [text, [address, port]] of Object.entries(cases)) {
    t.match(read({ 'x-forwarded-for': text }), { address, port }, text)
  }
})

t.test('ignores an invalid host, scheme and prefix', async (t) => {
  for (const host of ['a b', 'a/b', '"><script>', 'u@a', '[::1', '']) {
    t.equal(read({ 'x-forwarded-host': host }).host, undefined, host)
  }
  for (const proto of ['ftp', 'javascript', ''])
    t.equal(read({ 'x-forwarded-proto': proto }).isSecure, undefined, proto)
  for (const prefix of ['radio', '//evil.example', '/a//b', '/a/../b', '/a?b', '/a"b', `/${'a'.repeat(300)}`, '/']) {
    t.equal(read({ 'x-forwarded-prefix': prefix }).prefix, '', prefix)
  }
  t.equal(read({ 'x-forwarded-prefix': '/a, /b/' }).prefix, '/a/b', 'two proxies each removed a part')
})

t.test('never throws, and returns only printable values', async () => {
  const value = fc.oneof(
    fc.string(),
    fc
      .array(fc.constantFrom('for=', '"', '\\', ',', ';', '=', '[', ']', ':', '192.0.2.1', '/a'))
      .map((a) => a.join('')),
  )
  fc.assert(
    fc.property(value, (text) => {
      const names = ['forwarded', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-forwarded-prefix']
      return names.every((name) =>
        Object.values(read({ [name]: text })).every((found) => /^[!-~]*$/.test(String(found ?? ''))),
      )
    }),
    { numRuns: 2000 },
  )
})
