import fc from 'fast-check'
import t from 'tap'
import { type CollectedHead, createHeadCollector, MAX_HEAD_BYTES } from '../../../src/transport/http/head-collector.ts'

const HEAD = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'

/** Passes chunks to a new collector; the remaining ones are appended to the rest when the head is complete, as on a socket. */
function collect(chunks: Buffer[], maxBytes?: number): CollectedHead | undefined {
  const push = createHeadCollector(maxBytes)
  for (const [i, chunk] of chunks.entries()) {
    const done = push(chunk)
    if (done) return { head: done.head, rest: Buffer.concat([done.rest, ...chunks.slice(i + 1)]) }
  }
  return undefined
}

function bytes(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}

/** A head of this many bytes. */
function headOf(size: number): Buffer {
  return bytes(`GET / HTTP/1.1\r\nA: ${'a'.repeat(size - 23)}\r\n\r\n`)
}

/** The head and the rest, or the error. */
function outcome(chunks: Buffer[], maxBytes: number): string {
  try {
    const done = collect(chunks, maxBytes)
    return JSON.stringify([done?.head.toString('latin1'), done?.rest.toString('latin1')])
  } catch (error) {
    return String(error)
  }
}

/** Cuts the bytes at these offsets. */
function cut(whole: Buffer, places: number[]): Buffer[] {
  const at = [0, ...places.map((place) => place % (whole.length + 1)).toSorted((a, b) => a - b), whole.length]
  return at.slice(1).map((end, i) => whole.subarray(at[i], end))
}

t.test('returns a head in one chunk, and the rest, as views of it', async (t) => {
  const chunk = bytes(`${HEAD}body`)
  const done = collect([chunk])
  t.equal(done?.head.toString(), HEAD)
  t.equal(done?.head.buffer, chunk.buffer)
  t.equal(done?.rest.toString(), 'body')
})

t.test('joins a head in single bytes', async (t) => {
  const done = collect(Array.from(HEAD, bytes))
  t.equal(done?.head.toString(), HEAD)
  t.equal(done?.rest.length, 0)
})

t.test('returns no head before an empty line', async (t) => {
  for (const text of [
    '',
    'GET',
    'GET / HTTP/1.1\r\n',
    'GET / HTTP/1.1\r\n\r',
    'GET / HTTP/1.1\r\n\r\r\n',
    '\r\n\r\n\n\n',
  ]) {
    t.equal(collect([bytes(text)]), undefined, JSON.stringify(text))
  }
})

t.test('accepts bare LF at the end of lines and heads, mixed with CRLF too', async (t) => {
  for (const head of ['GET / HTTP/1.0\n\n', 'GET / HTTP/1.0\r\n\n', 'GET / HTTP/1.0\n\r\n']) {
    t.equal(collect([bytes(`${head}x`)])?.head.toString(), head)
  }
})

t.test('skips empty lines before the request', async (t) => {
  t.equal(collect([bytes(`\r\n\n${HEAD}`)])?.head.toString(), `\r\n\n${HEAD}`)
})

t.test('accepts a head of exactly the limit, and refuses one more byte with 431', async (t) => {
  t.equal(headOf(MAX_HEAD_BYTES).length, MAX_HEAD_BYTES)
  for (const step of [1, 7, 1000, MAX_HEAD_BYTES, 99_999]) {
    const chunks = (whole: Buffer) =>
      cut(
        whole,
        Array.from({ length: whole.length / step }, (_, i) => (i + 1) * step),
      )
    t.equal(collect(chunks(headOf(MAX_HEAD_BYTES)))?.head.length, MAX_HEAD_BYTES)
    t.throws(() => collect(chunks(headOf(MAX_HEAD_BYTES + 1))), { name: 'BadRequest', status: 431 })
  }
})

t.test('refuses endless empty lines with 431', async (t) => {
  t.throws(() => collect([bytes('\r\n'.repeat(MAX_HEAD_BYTES))]), { name: 'BadRequest', status: 431 })
})

t.test('keeps the bytes of a caller that reuses its buffer', async (t) => {
  const push = createHeadCollector()
  const chunk = bytes('GET / HTTP/1.0\r\n')
  push(chunk)
  chunk.fill('x')
  t.equal(push(bytes('\r\n'))?.head.toString(), 'GET / HTTP/1.0\r\n\r\n')
})

t.test('single bytes up to a limit of 4 MiB take linear time', async (t) => {
  const size = 4 * 1024 * 1024
  const push = createHeadCollector(size)
  const byte = bytes('a')
  const started = performance.now()
  for (let i = 1; i < size; i++) push(byte)
  t.throws(() => push(byte), { name: 'BadRequest', status: 431 })
  // Quadratic time would be hours.
  t.ok(performance.now() - started < 10_000)
})

t.test('returns the same head and rest for any chunks', async () => {
  const piece = fc.constantFrom('GET', ' / ', 'HTTP/1.1', '\r', '\n', '\r\n', '\r\n\r\n', 'Host: a', '\0', '\xff')
  const text = fc.array(piece, { maxLength: 30 }).map((pieces) => bytes(pieces.join('')))
  fc.assert(
    fc.property(text, fc.array(fc.nat()), (whole, places) => {
      return outcome(cut(whole, places), 60) === outcome([whole], 60)
    }),
    { numRuns: 1000 },
  )
})
