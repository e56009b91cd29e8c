import t, { type Test } from 'tap'
import { type Client, connectTo } from '../../client.ts'
import { AUTHORIZATION as A, send, startWire, type WireServer } from './wire-server.ts'

const WRONG = `Authorization: Basic ${Buffer.from('source:wrong').toString('base64')}\r\n`
const HOST = 'Host: 127.0.0.1:8000\r\n'

/** Sends a request. @returns the response without its date */
async function responseTo(t: Test, { port }: WireServer, ...parts: readonly (Buffer | string)[]): Promise<string> {
  const client = send(t, port, ...parts)
  await client.closed
  return String(client.received())
}

/** The logged refusals. */
function refusals({ log }: WireServer): unknown[] {
  return log.records.filter(({ rawMessage }) => rawMessage === 'publisher refused').map(({ properties }) => properties)
}

t.test('asks for credentials, with the methods that can be used', async (t) => {
  const server = await startWire(t)
  const point = server.open('/m')
  const bare = `SOURCE /m HTTP/1.0\r\n${HOST}User-Agent: libshout/2.4.6\r\nContent-Length: 0\r\nConnection: Keep-Alive\r\nPrefer: return=minimal\r\n\r\n`
  for (const head of [bare, `PUT /m HTTP/1.1\r\n${HOST}Expect: 100-continue\r\n\r\n`]) {
    const response = await responseTo(t, server, head)
    t.match(response, /^HTTP\/1\.[01] 401 Unauthorized\r\n/)
    t.match(response, /\r\nWWW-Authenticate: Basic realm="[^"]+"/)
    t.match(response, /\r\nAllow: .*\bPUT\b/)
    t.match(response, /\r\nConnection: close\r\n/)
  }
  t.equal(point.publications.length, 0)
  t.strictSame(refusals(server), [])
})

t.test('asks libshout for credentials where anybody may publish, because its first request has no sound', async (t) => {
  const server = await startWire(t)
  const point = server.open('/m', { anybody: true, password: undefined })
  t.match(await responseTo(t, server, 'SOURCE /m HTTP/1.0\r\nContent-Length: 0\r\n\r\n'), /^HTTP\/1\.0 401 /)
  t.equal(point.publications.length, 0)
  send(t, server.port, `SOURCE /m HTTP/1.0\r\n${A}\r\n`)
  await point.onAir()
})

t.test('accepts a request with credentials and without sound, which takes no place', async (t) => {
  const server = await startWire(t)
  const point = server.open('/m')
  t.match(await responseTo(t, server, `SOURCE /m HTTP/1.0\r\n${A}Content-Length: 0\r\n\r\n`), /^HTTP\/1\.0 200 /)
  t.equal(point.publications.length, 0)
})

t.test('refuses a wrong password before the 100, and logs what would be right', async (t) => {
  const server = await startWire(t)
  server.open('/m')
  const response = await responseTo(
    t,
    server,
    `PUT /m HTTP/1.1\r\n${HOST}User-Agent: x\r\n${WRONG}Expect: 100-continue\r\n\r\n`,
  )
  t.match(response, /^HTTP\/1\.1 401 Unauthorized\r\n/)
  t.match(refusals(server), [
    { client: /^127\.0\.0\.1:\d+$/, path: '/m', agent: 'x', reason: 'wrong user or password', advice: /password/ },
  ])
})

t.test('refuses further passwords after five wrong ones', async (t) => {
  const server = await startWire(t)
  server.open('/m')
  for (let i = 0; i < 5; i++) {
    t.match(await responseTo(t, server, `SOURCE /m HTTP/1.0\r\n${WRONG}\r\n`), /^HTTP\/1\.0 401 /)
  }
  const response = await responseTo(t, server, `SOURCE /m HTTP/1.0\r\n${A}\r\n`)
  t.match(response, /^HTTP\/1\.0 429 too many wrong passwords/)
  t.match(response, /\r\nRetry-After: 60\r\n/)
  t.equal(await responseTo(t, server, 'hackme\r\n\r\n'), 'invalid password\r\n')
})

t.test('responds with the reason for which nothing can be published', async (t) => {
  const server = await startWire(t)
  server.open('/m')
  server.open('/browsers', null)
  server.refuse('/own', 'this stream has a source of its own')
  server.refuse('/full', 'too many streams are published')
  const statuses = {
    '/nowhere': '404 there is no stream to publish at this path',
    '/browsers': '403 programs cannot publish at this path',
    '/own': '403 this stream has a source of its own',
    '/full': '503 too many streams are published',
  }
  for (const [path, status] of Object.entries(statuses)) {
    const response = await responseTo(t, server, `SOURCE ${path} HTTP/1.0\r\n${A}\r\n`)
    t.ok(response.startsWith(`HTTP/1.0 ${status}\r\n`), response)
    t.ok(response.endsWith(`\r\n\r\n${status.slice(4)}\n`), response)
    t.equal(await responseTo(t, server, `hackme:${path}\r\n\r\n`), `${status.slice(4)}\r\n`)
  }
  t.match(
    refusals(server),
    Object.keys(statuses).flatMap((path) => [{ path }, { path }]),
  )
})

t.test('lets exactly one of several publishers on air', async (t) => {
  const server = await startWire(t)
  const point = server.open('/m')
  const clients = Array.from({ length: 10 }, () => send(t, server.port, `SOURCE /m HTTP/1.0\r\n${A}\r\n`))
  const heads = await Promise.all(clients.map((client) => client.headCame()))
  t.equal(heads.filter((head) => head === 'HTTP/1.0 200 OK').length, 1)
  t.equal(heads.filter((head) => head.startsWith('HTTP/1.0 403 another publisher is on air')).length, 9)
  t.equal(point.publications.length, 1)
})

t.test('ends the connection of a refused client that sends without reading', async (t) => {
  const server = await startWire(t)
  server.open('/m')
  const client = connectTo(t, server.port, `SOURCE /m HTTP/1.1\r\n${WRONG}\r\n`)
  const sound = Buffer.alloc(65_536)
  const more = () => {
    while (client.socket.writable && client.socket.write(sound));
  }
  client.socket.on('drain', more)
  more()
  await client.closed
  t.pass('the server has closed')
})

t.test('refuses bodies of ambiguous length', async (t) => {
  const server = await startWire(t)
  const point = server.open('/m')
  const chunked = 'Transfer-Encoding: chunked\r\n'
  const fields = [
    chunked + chunked,
    `${chunked}Content-Length: 5\r\n`,
    'Transfer-Encoding: gzip, chunked\r\n',
    'Transfer-Encoding: identity\r\n',
    'Content-Length: 5\r\nContent-Length: 6\r\n',
    'Content-Length: -1\r\n',
    'Content-Length: 0x10\r\n',
    'Content-Length: 9223372036854775808\r\n',
  ]
  for (const field of fields) {
    t.match(
      await responseTo(t, server, `PUT /m HTTP/1.1\r\n${HOST}${A}${field}\r\n5\r\nabcde\r\n`),
      /^HTTP\/1\.1 400 /,
      field,
    )
  }
  t.match(await responseTo(t, server, `PUT /m HTTP/1.0\r\n${A}${chunked}\r\n`), /^HTTP\/1\.0 400 /)
  t.equal(point.publications.length, 0)
})

t.test(
  'disconnects a publisher whose chunks are not valid, with a reason if it has got no final response',
  async (t) => {
    const server = await startWire(t)
    for (const [at, chunk] of ['8000000000000000\r\n', 'x\r\n', '3\r\nabcd', `3;${'a'.repeat(20_000)}`].entries()) {
      const point = server.open(`/${at}`)
      const head = `PUT /${at} HTTP/1.1\r\n${HOST}${A}Transfer-Encoding: chunked\r\n`
      const waiting = await responseTo(t, server, `${head}Expect: 100-continue\r\n\r\n2\r\nab\r\n${chunk}`)
      t.match(waiting, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 400 /)
      t.match(await (await point.onAir()).left(), /chunk/)
      t.equal(await responseTo(t, server, `${head}\r\n2\r\nab\r\n${chunk}`), 'HTTP/1.1 200 OK\r\n\r\n')
      t.match(await (await point.onAir(2)).left(), /chunk/)
    }
  },
)

t.test('explains the request line of Icecast 1', async (t) => {
  const server = await startWire(t)
  server.open('/m')
  t.match(
    await responseTo(t, server, 'SOURCE hackme /m\nx-audiocast-name: x\n\n'),
    /^HTTP\/1\.0 400 the request line must be: SOURCE/,
  )
  t.match(refusals(server), [{ advice: /choose Icecast 2/ }])
})

t.test('answers the poke of libshout, which is not a password', async (t) => {
  const server = await startWire(t)
  server.open('/m')
  for (let i = 0; i < 6; i++) {
    const response = await responseTo(t, server, '!POKE\nicy-name:libshout server poke request\n\n')
    t.equal(response, 'invalid password\r\n')
  }
  t.match(await responseTo(t, server, `GET /admin/!POKE HTTP/1.1\r\n${HOST}\r\n`), /^HTTP\/1\.1 404 /)
  const client = send(t, server.port, 'hackme\n\n')
  t.equal(await client.headCame(), 'OK2\r\nicy-caps:11')
  t.strictSame(refusals(server), [])
})

t.test('refuses a wrong password of SHOUTcast at its line end', async (t) => {
  const server = await startWire(t)
  server.open('/one')
  server.open('/two')
  t.equal(await responseTo(t, server, 'wrong\n'), 'invalid password\r\n')
  t.equal(await responseTo(t, server, 'wrong:/two\n'), 'invalid password\r\n')
  t.match(refusals(server), [{ reason: 'wrong user or password' }, { path: '/two', reason: 'wrong user or password' }])
})

t.test('publishes at the path whose password SHOUTcast sends', async (t) => {
  const server = await startWire(t)
  const one = server.open('/one', { password: 'first' })
  const two = server.open('/two', { password: 'se:/cond' })
  const three = server.open('/three', { password: 'third' })
  const four = server.open('/four', { password: 'third' })
  await send(t, server.port, 'first\n\n').headCame()
  await send(t, server.port, 'se:/cond:/two\n\n').headCame()
  t.equal(await responseTo(t, server, 'third\n'), 'there is no stream to publish at this path\r\n')
  const standard = server.open('/stream', { password: 'third' })
  await send(t, server.port, 'third\n\n').headCame()
  t.strictSame(
    [one, two, three, four, standard].map(({ publications }) => publications.length),
    [1, 1, 0, 0, 1],
  )
})

t.test('leaves everything else alone when nothing can be published', async (t) => {
  const server = await startWire(t, false)
  server.open('/m')
  for (const method of ['PUT', 'SOURCE', 'POST']) {
    const response = await responseTo(t, server, `${method} /m HTTP/1.1\r\n${HOST}${A}\r\n`)
    t.match(response, /^HTTP\/1\.1 405 [^]*\r\nAllow: GET, HEAD, OPTIONS\r\n/)
  }
  t.match(await responseTo(t, server, `OPTIONS * HTTP/1.1\r\n${HOST}\r\n`), /\r\nAllow: GET, HEAD, OPTIONS\r\n/)
  t.match(await responseTo(t, server, 'hackme\r\nicy-name: x\r\n\r\n'), /^HTTP\/1\.1 400 /)
  t.match(
    await responseTo(t, server, `GET /admin/metadata?mode=updinfo&mount=/m&song=x HTTP/1.1\r\n${HOST}${A}\r\n`),
    /^HTTP\/1\.1 404 /,
  )
})

t.test('names the methods of publishers when something can be published', async (t) => {
  const server = await startWire(t)
  const allow = /\r\nAllow: GET, HEAD, OPTIONS, PUT, SOURCE\r\n/
  const upgrade = 'Connection: Upgrade\r\nUpgrade: TLS/1.0, HTTP/1.1\r\n'
  const options = await responseTo(
    t,
    server,
    `OPTIONS * HTTP/1.1\r\n${HOST}User-Agent: libshout/2.4.6\r\n${upgrade}\r\n`,
  )
  t.match(options, /^HTTP\/1\.1 204 /)
  t.match(options, allow)
  t.match(options, /\r\nAccess-Control-Allow-Methods: GET, HEAD, OPTIONS\r\n/, 'pages of other origins cannot publish')
  const post = await responseTo(t, server, `POST /m HTTP/1.1\r\n${HOST}\r\n`)
  t.match(post, /^HTTP\/1\.1 405 /)
  t.match(post, allow)
})

t.test('does not take requests and bytes of other protocols for passwords', async (t) => {
  const server = await startWire(t)
  server.open('/m')
  const others = [
    'GET /\r\n\r\n',
    'GET / HTTP/9\r\n\r\n',
    'PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n\r\n',
    'OPTIONS rtsp://x RTSP/1.0\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\n',
    '\x03\0\0\x13\x0e\r\n\r\n',
    `${'a'.repeat(300)}\r\n\r\n`,
  ]
  for (const bytes of others) t.match(await responseTo(t, server, bytes), /^HTTP\/1\.1 400 /, bytes)
  t.strictSame(refusals(server), [])
})

t.test('logs ten refusals of a client at once', async (t) => {
  const server = await startWire(t)
  server.open('/m', { anybody: true })
  await send(t, server.port, `SOURCE /m HTTP/1.0\r\n${A}\r\n`).headCame()
  const clients: Client[] = []
  for (let i = 0; i < 30; i++) clients.push(send(t, server.port, `SOURCE /m HTTP/1.0\r\n${A}\r\n`))
  await Promise.all(clients.map(({ closed }) => closed))
  t.equal(refusals(server).length, 10)
})
