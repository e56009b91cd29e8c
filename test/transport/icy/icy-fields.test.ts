import fc from 'fast-check'
import t from 'tap'
import { parseCommandLine } from '../../../src/config/command-line.ts'
import { streamHead } from '../../../src/transport/http/response-head.ts'
import { connectTo, listen } from '../../client.ts'
import { plainFrames } from '../../delivery/plain-mp3.ts'
import { feed } from '../../delivery/visits.ts'
import { numberBytes } from '../../feeders.ts'
import { startServer } from '../../streamserve.ts'
import { ICY_FIELD } from './icy.ts'

const ABOUT = [
  ['-name', 'Радио «Кино» – Motörhead 🎸'],
  ['-description', 'all night; "no" talk'],
  ['-genre', '搖滾'],
  ['-url', 'https://radio.example/?a=b&c'],
].flat()
const RAW = ['-frame-filter', 'raw', '-frame-bytes', '100']

/** Fields of a head by lower-case name, decoded as UTF-8. */
function fieldsOf(head: string): Map<string, string> {
  const [, ...lines] = Buffer.from(head, 'latin1').toString().split('\r\n')
  return new Map(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  )
}

t.test('sends the fields of the station to all listeners, in UTF-8', async (t) => {
  const server = await startServer(t, [...RAW, ...ABOUT], { stdin: 'pipe' })
  const fields = fieldsOf(await listen(t, server.port).headCame())
  t.equal(fields.get('icy-name'), 'Радио «Кино» – Motörhead 🎸')
  t.equal(fields.get('icy-description'), 'all night; "no" talk')
  t.equal(fields.get('icy-genre'), '搖滾')
  t.equal(fields.get('icy-url'), 'https://radio.example/?a=b&c')
  t.equal(fields.get('access-control-expose-headers'), 'icy-name, icy-description, icy-genre, icy-url')
  t.notOk(fields.has('icy-metaint'))
})

t.test('announces the interval of titles to listeners that request them, readable by scripts', async (t) => {
  const server = await startServer(t, [...RAW, '-name', 'A'], { stdin: 'pipe' })
  const expected = { 'icy-name': 'A', 'icy-metaint': '16000', 'access-control-expose-headers': 'icy-name, icy-metaint' }
  for (const method of ['GET', 'HEAD']) {
    const head = await connectTo(t, server.port, `${method} / HTTP/1.0\r\nicy-metadata: 1\r\n\r\n`).headCame()
    t.match(Object.fromEntries(fieldsOf(head)), expected, method)
  }
})

t.test('sends no fields without flags, and titles for Icy-MetaData: 1 only', async (t) => {
  const server = await startServer(t, RAW, { stdin: 'pipe' })
  const names = [
    'date',
    'connection',
    'cache-control',
    'access-control-allow-origin',
    'x-content-type-options',
    'content-type',
  ]
  for (const field of ['', 'Icy-MetaData: 0\r\n', 'Icy-MetaData: yes\r\n']) {
    t.same([...fieldsOf(await listen(t, server.port, '/', field).headCame()).keys()], names)
  }
})

t.test('sends the whole stream to a probe that requests titles, because iOS accepts none after a 206', async (t) => {
  const server = await startServer(t, RAW, { stdin: 'pipe' })
  const range = 'Range: bytes=0-1\r\n'
  const plain = listen(t, server.port, '/', range)
  t.match(await plain.headCame(), /^HTTP\/1.1 206 .*\r\nContent-Length: 2$/s)
  const icy = listen(t, server.port, '/', range + ICY_FIELD)
  const head = await icy.headCame()
  t.match(head, /^HTTP\/1.1 200 /)
  t.match(head, 'icy-metaint: 16000')
  t.notMatch(head, /content-range|content-length/i)
  feed(server, numberBytes(0, 1000))
  await icy.bodyHas(4000)
})

t.test('announces the bit rate when frames have durations', async (t) => {
  const server = await startServer(t, ['-filter', 'mp3'], { stdin: 'pipe' })
  const first = listen(t, server.port)
  feed(server, Buffer.concat(plainFrames(40, 1)))
  await first.bodyHas(417 * 30)
  t.match(await listen(t, server.port, '/', ICY_FIELD).headCame(), '\r\nicy-br: 128\r\n')
})

t.test('refuses values that could end a field or a title', async (t) => {
  const refused = {
    name: ['a\r\nSet-Cookie: b', 'a\nb', 'a\0', 'a\x85b', ' ', 'x'.repeat(201)],
    description: ['a\tb'],
    genre: ['\x7f'],
    url: [
      'radio.example',
      'ftp://radio.example/',
      "http://radio.example/';",
      'http://rádio.example',
      'http://a b/',
      'http://',
    ],
  }
  for (const [flag, values] of Object.entries(refused)) {
    for (const value of values)
      t.throws(() => parseCommandLine([`-${flag}=${value}`]), { message: new RegExp(`^-${flag} [^\n]*$`) })
  }
})

t.test('sends any text in UTF-8 as one field, unchanged', async (t) => {
  const parts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\r\n', '\n', '\r\n\r\n', 'X: y', '\u010a', '\u0a0d', 'Ж'),
  )
  const text = fc.array(parts).map((some) => some.join(''))
  fc.assert(
    fc.property(text, (value) => {
      const head = streamHead('a/b', { utf8Fields: { 'icy-name': value, 'icy-url': undefined } }).toString('latin1')
      const fields = fieldsOf(head.slice(0, -4))
      t.equal(head.indexOf('\r\n\r\n'), head.length - 4)
      t.equal(head.split(/[\r\n]+/).length, 9)
      t.equal(fields.get('icy-name'), Buffer.from(value.replaceAll(/\p{Cc}/gu, ' ')).toString())
    }),
  )
})
