import { join } from 'node:path'
import t, { type Test } from 'tap'
import { get, handshake } from '../access/addresses.ts'
import { connectTo } from '../client.ts'
import { type Server, startServer } from '../streamserve.ts'
import { openProgram } from '../threads/program-parts.ts'
import { linesOf, readLines } from './log-lines.ts'

/** Of `hackme`. */
const HASH = '$apr1$g5b5oyrW$47V.ggPHJIAZcE99hQ8Pa0'

/** A field of credentials. */
function basic(user: string, password: string): string {
  return `Authorization: Basic ${Buffer.from(`${user}:${password}`).toString('base64')}\r\n`
}

/** Starts a program with an access log, which ends before its folder is removed. */
async function start(
  t: Test,
  ...flags: readonly string[]
): Promise<{ readonly server: Server; readonly file: string }> {
  const file = join(t.testdir(), 'access.log')
  const server = await startServer(t, [...(flags.includes('-publish') ? [] : ['-demo']), '-access-log', file, ...flags])
  t.teardown(async () => {
    server.child.kill('SIGKILL')
    await server.exited
  })
  return { server, file }
}

t.test('has a line for each response, with the bytes of its body', async (t) => {
  const { server, file } = await start(t, '-talk', '-publish', '-publish-password', 'hackme')
  const { port } = server
  const sizes: number[] = []
  const ask = async (text: string) => {
    const client = connectTo(t, port, text)
    // A final head may follow that of 100 Continue.
    sizes.push((await client.closed).toString('latin1').split('\r\n\r\n').at(-1)?.length ?? 0)
  }
  await ask(get('/status', 'Referer: http://a.example/x\r\nUser-Agent: a browser\r\n'))
  await ask(get('/nothing'))
  await ask('HEAD /status HTTP/1.1\r\nHost: x\r\n\r\n')
  await ask('OPTIONS * HTTP/1.0\r\n\r\n')
  await ask('BREW / HTTP/1.1\r\nHost: x\r\n\r\n')
  await ask('GET nonsense\r\n\r\n')
  await ask('PUT /studio HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n')
  await ask('SOURCE /studio ICE/1.0\r\nContent-Type: audio/mpeg\r\n\r\n')
  await ask(
    `PUT /studio HTTP/1.1\r\nHost: x\r\n${basic('source', 'hackme')}Expect: 100-continue\r\nContent-Length: 1\r\n\r\nx`,
  )
  const lines = await linesOf(file, sizes.length)
  t.same(
    lines.map(({ request, status }) => `${status} ${request}`),
    [
      '200 GET /status HTTP/1.1',
      '404 GET /nothing HTTP/1.1',
      '200 HEAD /status HTTP/1.1',
      '204 OPTIONS * HTTP/1.0',
      '405 BREW / HTTP/1.1',
      '400 -',
      '401 PUT /studio HTTP/1.1',
      '401 SOURCE /studio HTTP/1.0',
      '200 PUT /studio HTTP/1.1',
    ],
  )
  t.same(
    lines.map(({ bytes }) => bytes),
    sizes,
  )
  t.equal(lines.at(-1)?.user, 'source')
  t.match(lines[0], { address: '127.0.0.1', user: '-', referer: 'http://a.example/x', agent: 'a browser' })
})

t.test('has the line of a listener when it disconnects, with all its bytes and seconds', async (t) => {
  const { server, file } = await start(t)
  const client = connectTo(t, server.port, get('/', 'Icy-MetaData: 1\r\n'))
  await client.headCame()
  const since = performance.now()
  await client.bodyHas(500_000)
  t.same(await readLines(file), [])
  const heardSeconds = (performance.now() - since) / 1000
  server.child.kill('SIGTERM')
  const body = await client.closed
  await server.exited
  const [line, ...more] = await readLines(file)
  t.match(line, { status: 200, bytes: body.length })
  // The log has whole milliseconds.
  t.ok((line?.seconds ?? 0) >= heardSeconds - 0.001)
  t.same(more, [])
})

t.test('has WebSockets and event streams', async (t) => {
  const { server, file } = await start(t, '-talk')
  const socket = connectTo(t, server.port, handshake('/talk/x'))
  await socket.headCame()
  const events = connectTo(t, server.port, get('/status/events'))
  await events.bodyHas(10)
  const [received] = [events.body().length]
  socket.socket.end()
  events.socket.destroy()
  const lines = await linesOf(file, 2)
  const byRequest = new Map(lines.map((line) => [line.request, line]))
  t.match(byRequest.get('GET /talk/x HTTP/1.1'), { status: 101 })
  t.match(byRequest.get('GET /status/events HTTP/1.1'), { status: 200 })
  t.ok((byRequest.get('GET /status/events HTTP/1.1')?.bytes ?? 0) >= received)
})

t.test('has responses over TLS with the bytes of their bodies', async (t) => {
  const { server, file } = await start(t, '-tls')
  const { connect } = await import('node:tls')
  const overTls = (port: number) => connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
  const page = await connectTo(t, server.port, get('/player/'), overTls).closed
  const stream = connectTo(t, server.port, get('/'), overTls)
  await stream.bodyHas(10_000)
  server.child.kill('SIGTERM')
  const heard = await stream.closed
  await server.exited
  const lines = await readLines(file)
  t.same(
    lines.map(({ status, bytes }) => [status, bytes]),
    [
      [200, page.length],
      [200, heard.length],
    ],
  )
})

t.test('hides secrets, and no client can forge a line', async (t) => {
  const { server, file } = await start(t, '-publish', '-publish-password', 'hackme')
  const forged = '1.2.3.4 - - [x] "GET / HTTP/1.1" 200 1'
  await connectTo(t, server.port, get('/a?x=1&pass=geheim&Sign=geheim&t%6Fken=geheim')).closed
  await connectTo(t, server.port, get('/b', 'Referer: http://u:geheim@a.example/?listen-key=geheim\r\n')).closed
  await connectTo(t, server.port, get('/c', `User-Agent: x" ${forged}\\ \xe4\r\n`)).closed
  await connectTo(t, server.port, get(`/d"${forged}`)).closed
  await connectTo(t, server.port, 'geheim\r\nicy-name: x\r\n\r\n').closed
  const lines = await linesOf(file, 5)
  t.match(lines[0]?.request, 'GET /a?x=1&pass=***&Sign=***&t%6Fken=*** HTTP/1.1')
  t.equal(lines[1]?.referer, 'http://***@a.example/?listen-key=***')
  t.match(lines[2]?.agent, /^x\\" 1\.2\.3\.4 .*\\\\ \\xc3\\xa4$/)
  t.match(lines[3], { request: '-', status: 400 })
  t.match(lines[4], { request: 'SOURCE * ICY/1.0', status: 401 })
  t.notMatch(JSON.stringify(lines), /geheim/)
})

t.test('has the client behind a trusted proxy', async (t) => {
  const { server, file } = await start(t, '-trusted-proxies', '127.0.0.1')
  await connectTo(t, server.port, get('/x', 'X-Forwarded-For: 203.0.113.9\r\n')).closed
  await connectTo(t, server.port, `PROXY TCP4 203.0.113.8 192.0.2.1 1 2\r\n${get('/x')}`).closed
  const lines = await linesOf(file, 2)
  t.same(
    lines.map(({ address }) => address),
    ['203.0.113.9', '203.0.113.8'],
  )
})

t.test('has each response of a delivery thread once, also one that the main thread gives', async (t) => {
  const file = join(t.testdir(), 'access.log')
  const house = await openProgram(t, ['-path', '/dev/zero', '-pcm', 's16le:8000:1', '-access-log', file])
  const { port } = await house.start()
  const client = connectTo(t, port, get('/'))
  house.source.give(Buffer.alloc(4_000))
  const heard = (await client.bodyHas(1_000)).length
  client.reset()
  await connectTo(t, port, get('/nothing')).closed
  await connectTo(t, port, 'nonsense\r\n\r\n').closed
  const lines = await linesOf(file, 3)
  const statuses = lines.map(({ status, request }) => `${status} ${request}`).toSorted()
  t.same(statuses, ['200 GET / HTTP/1.1', '400 -', '404 GET /nothing HTTP/1.1'])
  t.ok((lines.find(({ status }) => status === 200)?.bytes ?? 0) >= heard)
})

t.test('has the names under which listeners and administrators have logged in, and no others', async (t) => {
  const folder = t.testdir({ users: `anna:${HASH}\n` })
  const file = join(folder, 'access.log')
  const server = await startServer(t, [
    '-demo',
    '-access-log',
    file,
    '-admin-password',
    'geheim',
    '-listen-users',
    join(folder, 'users'),
  ])
  const ask = async (target: string, fields: string) => {
    const client = connectTo(t, server.port, get(target, fields))
    await client.headCame()
    client.socket.destroy()
  }
  await ask('/', basic('anna', 'hackme'))
  await ask('/?user=anna&pass=hackme', '')
  await ask('/', basic('anna', 'wrong'))
  await ask('/status.json?login', `${basic('admin', 'geheim')}X-Forwarded-For: 203.0.113.9\r\n`)
  const lines = await linesOf(file, 4)
  server.child.kill('SIGKILL')
  await server.exited
  const users = lines.map(({ user, status, request }) => `${user} ${status} ${request.split(' ')[1]}`)
  t.same(users.toSorted(), ['- 401 /', 'admin 200 /status.json?login', 'anna 200 /', 'anna 200 /?user=anna&pass=***'])
})
