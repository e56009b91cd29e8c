import fc from 'fast-check'
import t from 'tap'
import { optionsAnswer, streamHead, textAnswer } from '../../../src/transport/http/response-head.ts'

const date = new Date('2024-02-29T12:34:56.789Z')

/** Splits a response into the lines of its head and its body. */
function read(answer: Buffer): { status: string; fields: string[]; body: string } {
  const end = answer.indexOf('\r\n\r\n')
  const [status = '', ...fields] = answer.toString('latin1', 0, end).split('\r\n')
  return { status, fields, body: answer.toString('utf8', end + 4) }
}

function field(answer: Buffer, name: string): string | undefined {
  const line = read(answer).fields.find((text) => text.startsWith(`${name}: `))
  return line?.slice(name.length + 2)
}

t.test('announces a stream without length and chunks, and closes its connection', async (t) => {
  const { status, fields, body } = read(streamHead('audio/mpeg', { date }))
  t.equal(status, 'HTTP/1.1 200 OK')
  t.same(fields, [
    'Date: Thu, 29 Feb 2024 12:34:56 GMT',
    'Connection: close',
    'Cache-Control: no-store',
    'Access-Control-Allow-Origin: *',
    'X-Content-Type-Options: nosniff',
    'Content-Type: audio/mpeg',
  ])
  t.equal(body, '')
})

t.test('responds in HTTP/1.0 to a request in HTTP/1.0', async (t) => {
  t.equal(read(streamHead('a/b', { version: '1.0' })).status, 'HTTP/1.0 200 OK')
  t.equal(read(textAnswer(404, 'gone', { version: '1.0' })).status, 'HTTP/1.0 404 Not Found')
})

t.test('announces the length of a probe, and an unknown total', async (t) => {
  const probe = streamHead('audio/wav', { range: { kind: 'probe', bytes: 2 } })
  t.equal(read(probe).status, 'HTTP/1.1 206 Partial Content')
  t.equal(field(probe, 'Content-Range'), 'bytes 0-1/*')
  t.equal(field(probe, 'Content-Length'), '2')
  t.equal(read(streamHead('audio/wav', { range: { kind: 'all' } })).status, 'HTTP/1.1 200 OK')
})

t.test('sends a short response as one line of text with its length in bytes', async (t) => {
  const answer = textAnswer(404, 'there is no stream at /ä\r\nX: y')
  t.equal(read(answer).status, 'HTTP/1.1 404 Not Found')
  t.equal(read(answer).body, 'there is no stream at /ä X: y\n')
  t.equal(field(answer, 'Content-Length'), '31')
  t.equal(field(answer, 'Content-Type'), 'text/plain; charset=utf-8')
})

t.test('responds to HEAD without a body', async (t) => {
  const whole = textAnswer(503, 'no more room', { date })
  t.same(textAnswer(503, 'no more room', { date, headOnly: true }), whole.subarray(0, whole.indexOf('\r\n\r\n') + 4))
})

t.test('lists the allowed methods with 405 only', async (t) => {
  t.equal(field(textAnswer(405, 'no'), 'Allow'), 'GET, HEAD, OPTIONS')
  t.equal(field(textAnswer(400, 'no'), 'Allow'), undefined)
})

t.test('adds fields, or replaces the usual ones', async (t) => {
  const answer = textAnswer(401, 'who?', {
    fields: { 'WWW-Authenticate': 'Basic realm="x"', 'Cache-Control': 'private' },
  })
  t.equal(field(answer, 'WWW-Authenticate'), 'Basic realm="x"')
  t.equal(field(answer, 'Cache-Control'), 'private')
  t.throws(() => textAnswer(401, 'who?', { fields: { 'a b': 'c' } }), TypeError)
})

t.test('allows the preflight request of a browser', async (t) => {
  const answer = optionsAnswer()
  t.equal(read(answer).status, 'HTTP/1.1 204 No Content')
  t.equal(field(answer, 'Allow'), 'GET, HEAD, OPTIONS')
  t.equal(field(answer, 'Access-Control-Allow-Origin'), '*')
  t.equal(field(answer, 'Access-Control-Allow-Methods'), 'GET, HEAD, OPTIONS')
  t.match(field(answer, 'Access-Control-Allow-Headers'), /\bIcy-MetaData\b.*\bRange\b/)
  t.match(field(answer, 'Access-Control-Max-Age'), /^\d+$/)
  t.equal(field(answer, 'Content-Length'), undefined)
  t.equal(read(answer).body, '')
})

t.test('writes exactly one line per field for any values', async (t) => {
  const parts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\r', '\n', '\r\n', '\r\n\r\n', 'X: y', '\0', '\u010a'),
  )
  const text = fc.array(parts).map((some) => some.join(''))
  const options = fc.record({ headOnly: fc.boolean(), fields: fc.record({ 'X-A': text, 'X-B': text }) })
  const names = 'Date Connection Cache-Control Access-Control-Allow-Origin X-Content-Type-Options Content-Type'.split(
    ' ',
  )
  fc.assert(
    fc.property(text, options, (value, some) => {
      const stream = streamHead(value, some)
      t.same(fieldNames(stream), [...names, 'X-A', 'X-B'])
      t.equal(read(stream).body, '')
      const answer = textAnswer(404, value, some)
      t.same(fieldNames(answer), [...names, 'Content-Length', 'X-A', 'X-B'])
      t.equal(read(answer).body.split('\n').length, some.headOnly ? 1 : 2)
    }),
  )
})

function fieldNames(answer: Buffer): (string | undefined)[] {
  return read(answer).fields.map((line) => /^([A-Za-z-]+): [ -~\xa0-\xff]*$/.exec(line)?.[1])
}
