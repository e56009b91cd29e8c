import t from 'tap'
import { type Client, connectTo, listen } from '../client.ts'
import { numberBytes, numbers, numbersIn } from '../feeders.ts'
import { startServer } from '../streamserve.ts'

const SOURCE = ['-frame-filter', 'raw', '-exec', ...numbers()]

/** Values of a head's fields, by lower-case name. */
function fieldsOf(client: Client): Map<string, string> {
  const lines = client.head().split('\r\n').slice(1)
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.replace(/^[^:]*: /, '')]))
}

function withoutDate(head: string): string {
  return head.replace(/^Date: .*$/m, '')
}

t.test('responds to GET with the stream: no length, no chunks, a connection of its own', async (t) => {
  const server = await startServer(t, SOURCE)
  const client = listen(t, server.port)
  const body = await client.bodyHas(640)
  t.equal(client.head().split('\r\n')[0], 'HTTP/1.1 200 OK')
  const fields = fieldsOf(client)
  t.equal(fields.get('connection'), 'close')
  t.equal(fields.get('cache-control'), 'no-store')
  t.equal(fields.get('access-control-allow-origin'), '*')
  t.equal(fields.get('content-type'), 'application/octet-stream')
  t.notOk(fields.has('content-length'))
  t.notOk(fields.has('transfer-encoding'))
  t.strictSame(numbersIn(body.subarray(0, 64)), numbersIn(numberBytes(numbersIn(body.subarray(0, 64))[0] ?? -1, 16)))
})

t.test('responds in HTTP/1.0 to a request in HTTP/1.0, which needs no Host', async (t) => {
  const server = await startServer(t, SOURCE)
  const client = connectTo(t, server.port, 'GET / HTTP/1.0\r\n\r\n')
  t.match(await client.headCame(), /^HTTP\/1\.0 200 OK\r\n/)
  await client.bodyHas(64)
  const lost = connectTo(t, server.port, 'GET /nowhere HTTP/1.0\r\n\r\n')
  t.match(await lost.headCame(), /^HTTP\/1\.0 404 /)
})

t.test('announces -content-type unchanged', async (t) => {
  const type = 'audio/ogg; codecs=opus'
  const server = await startServer(t, ['-content-type', type, ...SOURCE])
  const client = listen(t, server.port)
  await client.headCame()
  t.equal(fieldsOf(client).get('content-type'), type)
})

t.test('responds to HEAD with the head of GET, without starting the source', async (t) => {
  const server = await startServer(t, SOURCE)
  const asked = connectTo(t, server.port, 'HEAD / HTTP/1.1\r\nHost: x\r\n\r\n')
  t.equal((await asked.closed).length, 0)
  t.equal(server.count(/source opened|listener connected/), 0)
  const client = listen(t, server.port)
  await client.bodyHas(64)
  t.equal(withoutDate(asked.head()), withoutDate(client.head()))
  t.equal(server.count(/source opened/), 1)
  const lost = connectTo(t, server.port, 'HEAD /nowhere HTTP/1.1\r\nHost: x\r\n\r\n')
  t.equal((await lost.closed).length, 0)
  t.match(lost.head(), /^HTTP\/1\.1 404 /)
})

t.test('responds to OPTIONS with the permissions of pages of other origins', async (t) => {
  const server = await startServer(t, SOURCE)
  for (const target of ['/', '*', '/nowhere']) {
    const client = connectTo(t, server.port, `OPTIONS ${target} HTTP/1.1\r\nHost: x\r\nOrigin: http://y\r\n\r\n`)
    t.equal((await client.closed).length, 0)
    t.match(client.head(), /^HTTP\/1\.1 204 /)
    const fields = fieldsOf(client)
    t.equal(fields.get('access-control-allow-origin'), '*')
    t.equal(fields.get('access-control-allow-methods'), 'GET, HEAD, OPTIONS')
    t.match(fields.get('access-control-allow-headers'), /\bRange\b/)
  }
})

t.test('refuses other methods with the allowed ones', async (t) => {
  const server = await startServer(t, SOURCE)
  for (const method of ['POST', 'PUT', 'DELETE', 'SOURCE', 'get', 'BREW']) {
    const client = connectTo(t, server.port, `${method} / HTTP/1.1\r\nHost: x\r\n\r\n`)
    const body = await client.closed
    t.match(client.head(), /^HTTP\/1\.1 405 /, method)
    const fields = fieldsOf(client)
    t.equal(fields.get('allow'), 'GET, HEAD, OPTIONS')
    t.match(fields.get('content-type'), /^text\/plain/)
    t.equal(fields.get('content-length'), String(body.length))
    t.match(String(body), /^[^\n]+\n$/)
  }
})

t.test('responds to a path without a stream with 404 and a line of text', async (t) => {
  const server = await startServer(t, SOURCE)
  for (const target of ['/nowhere', '///', '/..', '/%2e%2e/etc/passwd', '/?', '/index.html']) {
    const client = listen(t, server.port, target)
    await client.headCame()
    if (target === '/?') t.match(client.head(), /^HTTP\/1\.1 200 /, target)
    else {
      t.match(client.head(), /^HTTP\/1\.1 404 /, target)
      t.match(String(await client.closed), /^[^\n]+\n$/)
      t.equal(fieldsOf(client).get('connection'), 'close')
    }
  }
})

t.test('responds to a Range from the beginning with the stream, or with the bytes of a probe', async (t) => {
  const server = await startServer(t, SOURCE)
  const whole = listen(t, server.port, '/', 'Range: bytes=0-\r\n')
  await whole.bodyHas(640)
  t.match(whole.head(), /^HTTP\/1\.1 200 OK\r\n/)
  t.notMatch(whole.head(), /content-range/i)

  const probe = listen(t, server.port, '/', 'Range: bytes=0-1\r\n')
  t.equal((await probe.closed).length, 2)
  t.match(probe.head(), /^HTTP\/1\.1 206 /)
  t.equal(fieldsOf(probe).get('content-range'), 'bytes 0-1/*')
  t.equal(fieldsOf(probe).get('content-length'), '2')
  t.match(await server.logged(new RegExp(`listener disconnected.*${probe.address()}`)), /reason="byte limit"/)

  const longer = listen(t, server.port, '/', 'Range: bytes=0-999\r\n')
  t.equal((await longer.closed).length, 1000)
})
