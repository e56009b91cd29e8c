import { array, assert, boolean, constantFrom, property, record, uint8Array } from 'fast-check'
import t from 'tap'
import { ChunkedBody } from '../../../src/transport/publish/chunked-body.ts'

const INVALID = /^the chunks of the body are not valid$/

/** Decodes bytes in pieces of `size`. */
function decode(bytes: Buffer, size = bytes.length): { readonly body: Buffer; readonly isComplete: boolean } {
  const decoder = new ChunkedBody()
  const parts: Buffer[] = []
  for (let at = 0; at < bytes.length; at += size) {
    parts.push(Buffer.from(decoder.decode(Buffer.from(bytes.subarray(at, at + size)))))
  }
  return { body: Buffer.concat(parts), isComplete: decoder.isComplete }
}

const chunk = record({
  data: uint8Array({ minLength: 1, maxLength: 300 }),
  isUpper: boolean(),
  zeros: constantFrom('', '0', '0000'),
  extension: constantFrom('', ';a', ' ; name="va;lue"', ';a=1;b=2'),
})

t.test('decodes any chunks in any pieces', async (t) => {
  assert(
    property(
      array(chunk, { maxLength: 10 }),
      constantFrom('', 'Trailer: 1\r\n', 'A: 1\r\nB: 2\r\n'),
      constantFrom(1, 2, 3, 7, 64, 100_000),
      (chunks, trailers, size) => {
        const wire = chunks.map(({ data, isUpper, zeros, extension }) => {
          const digits = data.length.toString(16)
          const head = `${zeros}${isUpper ? digits.toUpperCase() : digits}${extension}\r\n`
          return Buffer.concat([Buffer.from(head), data, Buffer.from('\r\n')])
        })
        const end = Buffer.from(`0\r\n${trailers}\r\n`)
        const { body, isComplete } = decode(Buffer.concat([...wire, end, Buffer.from('not part of it')]), size)
        t.ok(isComplete)
        t.ok(body.equals(Buffer.concat(chunks.map(({ data }) => data))))
      },
    ),
  )
})

t.test('is not complete before the last empty line', async (t) => {
  t.notOk(decode(Buffer.from('3\r\nabc\r\n0\r\n')).isComplete)
  t.notOk(decode(Buffer.from('3\r\nabc\r\n')).isComplete)
})

t.test('refuses what is not a chunk', async (t) => {
  const invalid = [
    '\r\n',
    'x\r\n',
    '-1\r\n',
    '+3\r\nabc',
    '0x3\r\nabc',
    ' 3\r\nabc',
    '3\nabc',
    '3\r\nabcd',
    '3\r\nabc\n',
    '3\rabc',
    ';a\r\n',
    '3;\0\r\nabc',
    '3;a\nb\r\nabc',
    '0\r\nA: 1\n\r\n',
    '0\r\n\rx',
  ]
  for (const wire of invalid) {
    t.throws(() => decode(Buffer.from(wire)), INVALID, JSON.stringify(wire))
    t.throws(() => decode(Buffer.from(wire), 1), INVALID, `${JSON.stringify(wire)} by single bytes`)
  }
})

t.test('refuses sizes without limit', async (t) => {
  for (const wire of ['8000000000000000\r\n', 'FFFFFFFFFFFFFF\r\n', '20000000000000\r\n', `${'0'.repeat(20)}1\r\n`]) {
    t.throws(() => decode(Buffer.from(wire)), { message: 'a chunk is too large' }, wire)
  }
  t.doesNotThrow(() => decode(Buffer.from('1fffffffffffff\r\nabc')))
  t.throws(() => decode(Buffer.from(`3;${'a'.repeat(10_000)}\r\nabc`)), INVALID)
  t.throws(() => decode(Buffer.from(`0\r\n${'A: 1\r\n'.repeat(2_000)}\r\n`)), INVALID)
})
