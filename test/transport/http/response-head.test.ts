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

t.test('a stream has neither a length nor chunks and closes its connection', async (t) => {
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

t.test('who asks in HTTP/1.0 is answered in HTTP/1.0', async (t) => {
  t.equal(read(streamHead('a/b', { version: '1.0' })).status, 'HTTP/1.0 200 OK')
  t.equal(read(textAnswer(404, 'gone', { version: '1.0' })).status, 'HTTP/1.0 404 Not Found')
})

t.test('a probe is told how many bytes follow and that nobody knows how many there are', async (t) => {
  const probe = streamHead('audio/wav', { range: { kind: 'probe', bytes: 2 } })
  t.equal(read(probe).status, 'HTTP/1.1 206 Partial Content')
  t.equal(field(probe, 'Content-Range'), 'bytes 0-1/*')
  t.equal(field(probe, 'Content-Length'), '2')
  t.equal(read(streamHead('audio/wav', { range: { kind: 'all' } })).status, 'HTTP/1.1 200 OK')
})

t.test('a short answer is one line of text with its length in bytes', async (t) => {
  const answer = textAnswer(404, 'there is no stream at /ä\r\nX: y')
  t.equal(read(answer).status, 'HTTP/1.1 404 Not Found')
  t.equal(read(answer).body, 'there is no stream at /ä X: y\n')
  t.equal(field(answer, 'Content-Length'), '31')
  t.equal(field(answer, 'Content-Type'), 'text/plain; charset=utf-8')
})

t.test('HEAD gets the head of the answer without its body', async (t) => {
  const whole = textAnswer(503, 'no more room', { date })
  t.same(textAnswer(503, 'no more room', { date, headOnly: true }), whole.subarray(0, whole.indexOf('\r\n\r\n') + 4))
})

t.test('405 says what is allowed, other errors do not', async (t) => {
  t.equal(field(textAnswer(405, 'no'), 'Allow'), 'GET, HEAD, OPTIONS')
  t.equal(field(textAnswer(400, 'no'), 'Allow'), undefined)
})

t.test('more fields are added, or replace the usual ones', async (t) => {
  const answer = textAnswer(401, 'who?', {
    fields: { 'WWW-Authenticate': 'Basic realm="x"', 'Cache-Control': 'private' },
  })
  t.equal(field(answer, 'WWW-Authenticate'), 'Basic realm="x"')
  t.equal(field(answer, 'Cache-Control'), 'private')
  t.throws(() => textAnswer(401, 'who?', { fields: { 'a b': 'c' } }), TypeError)
})

t.test('a browser that asks beforehand is told yes', async (t) => {
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

t.test('whatever the values are, the head has exactly the lines it should have', async (t) => {
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
