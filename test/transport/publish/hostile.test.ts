import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { connectTo, listen } from '../../client.ts'
import { needsProc } from '../../processes.ts'
import { type Server, startServer } from '../../streamserve.ts'
import { AUTHORIZATION as A, send } from './wire-server.ts'

const HOST = 'Host: x\r\n'
const FRAME = Buffer.from('0123456789abcdef')

/** Starts the program with a stream that must not be disturbed, a stream of a command, and paths to publish at. */
async function startStation(t: Test, ...head: readonly string[]): Promise<Server> {
  const lines = [
    ...head,
    '[/demo]',
    'demo',
    '[/exec]',
    'exec sh -c "while :; do echo sound; sleep 0.01; done"',
    'frame-filter raw',
    '[/m]',
    'publish',
    'publish-password hackme',
    'frame-filter raw',
    'frame-bytes 16',
    '[/p/*]',
    'publish',
    'publish-password hackme',
    'publish-timeout 2s',
    'frame-filter raw',
    'frame-bytes 16',
  ]
  return startServer(t, ['-config', join(t.testdir({ 'x.conf': lines.join('\n') }), 'x.conf')])
}

/** The head of a PUT with credentials. */
function put(path: string, fields = ''): string {
  return `PUT ${path} HTTP/1.1\r\n${HOST}${A}${fields}\r\n`
}

/** Sends bytes. @returns everything that the server sends until it closes */
async function responseTo(t: Test, { port }: Server, ...parts: readonly (Buffer | string)[]): Promise<string> {
  const client = send(t, port, ...parts)
  await client.closed
  return client.received().toString('latin1')
}

t.test('answers hostile publishers clearly, and disturbs no listener and no other publisher', async (t) => {
  const server = await startStation(t, 'header-timeout 500ms')
  const demo = listen(t, server.port, '/demo')
  const exec = listen(t, server.port, '/exec')
  const publisher = send(t, server.port, `SOURCE /m HTTP/1.0\r\n${A}\r\n`, FRAME)
  const heard = listen(t, server.port, '/m')
  await heard.bodyHas(FRAME.length)

  const chunked = 'Transfer-Encoding: chunked\r\n'
  const requests: readonly (readonly [request: string, response: RegExp])[] = [
    ['SOURCE /p/a HTTP/1.0\r\nAuthoriz', /^HTTP\/1\.1 408 /],
    [put('/p/a', `X: ${'x'.repeat(17_000)}\r\n`), /^HTTP\/1\.1 431 /],
    [put('/p/a', chunked + chunked), /^HTTP\/1\.1 400 /],
    [put('/p/a', `${chunked}Content-Length: 1\r\n`), /^HTTP\/1\.1 400 /],
    [`${put('/p/a', `${chunked}Expect: 100-continue\r\n`)}8000000000000000\r\n`, /100 Continue\r\n\r\nHTTP\/1\.1 400 /],
    [put('/exec'), /^HTTP\/1\.1 403 this stream has a source of its own\r\n/],
    [put('/demo'), /^HTTP\/1\.1 403 /],
    [put('/m').replace(A, ''), /^HTTP\/1\.1 401 /],
    [put('/p/../exec'), /^HTTP\/1\.1 40[34] /],
    [put('/p/%2e%2e/exec'), /^HTTP\/1\.1 40[34] /],
    [put('/p/..%2fexec'), /^HTTP\/1\.1 40[34] /],
    [put('/p/'), /^HTTP\/1\.1 40[34] /],
    [put('/p/a%00b'), /^HTTP\/1\.1 400 /],
    [put('/p/a%0d%0ab'), /^HTTP\/1\.1 400 /],
    [put('/admin/metadata'), /^HTTP\/1\.1 40[34] /],
    [put('/nowhere'), /^HTTP\/1\.1 404 /],
    [put('/p/a', 'Ice-Name: a\0b\r\n'), /^HTTP\/1\.1 400 /],
    [put('/p/a', 'Ice-Name: a\rb\r\n'), /^HTTP\/1\.1 400 /],
    ['hackme:/exec\r\n\r\n', /^this stream has a source of its own\r\n$/],
    ['hackme:/p/../exec\r\n\r\n', /^[a-z ]+\r\n$/],
    ['hackme:/../../etc/passwd\r\n\r\n', /^[a-z ]+\r\n$/],
    [`GET /admin/metadata?mode=updinfo&mount=/exec&song=x HTTP/1.0\r\n${A}\r\n`, /^HTTP\/1\.0 400 /],
    [`GET /admin/metadata?mode=updinfo&mount=/m&song=a%00b HTTP/1.0\r\n${A}\r\n`, /^HTTP\/1\.[01] 400 /],
    [`GET /admin/metadata?mode=updinfo&mount=/m&song=a%0d%0ab HTTP/1.0\r\n${A}\r\n`, /^HTTP\/1\.0 200 /],
  ]
  for (const [request, response] of requests) {
    t.match(await responseTo(t, server, request), response, JSON.stringify(request.slice(0, 200)))
  }
  publisher.socket.write(FRAME)
  await heard.bodyHas(2 * FRAME.length)
  t.ok(heard.body().equals(Buffer.concat([FRAME, FRAME])))
  for (const listener of [demo, exec]) await listener.bodyHas(listener.body().length + 1)
  t.equal(server.count(/ ERROR /), 0)
  t.equal(server.count(/listener disconnected/), 0)
  t.match(await server.logged(/title changed stream=\/m/), /title="a b"/)
})

t.test('keeps names with line ends out of the response of listeners', async (t) => {
  const server = await startStation(t)
  send(t, server.port, 'hackme:/p/a\r\nicy-name:One\rX-Bad: 1\r\nicy-genre:a\0b\r\n\r\n', FRAME)
  await server.logged(/source opened stream=\/p\/a/)
  const head = await listen(t, server.port, '/p/a').headCame()
  t.match(head, /\r\nicy-name: One X-Bad: 1\r\n/)
  t.match(head, /\r\nicy-genre: a b(?:\r\n|$)/)
})

t.test('disconnects publishers that send nothing, and needs little memory for them', { skip: needsProc }, async (t) => {
  const server = await startStation(t)
  const demo = listen(t, server.port, '/demo')
  await demo.bodyHas(1)
  const before = residentMegabytes(server)
  const count = 300
  const silent = Array.from({ length: count }, (_, at) => send(t, server.port, `SOURCE /p/${at} HTTP/1.0\r\n${A}\r\n`))
  const half = Array.from({ length: count }, () => connectTo(t, server.port, 'SOURCE /p/a HTTP/1.0\r\n'))
  await Promise.all(silent.map((client) => client.headCame()))
  t.ok(residentMegabytes(server) - before < 100)
  await Promise.all(silent.map(({ closed }) => closed))
  await server.loggedTimes(/publisher disconnected stream=\/p\/.*reason="no bytes for 2s"/, count)
  await demo.bodyHas(demo.body().length + 1)
  for (const client of half) client.reset()
})

t.test('responds with a stream that is configured at the path of titles', async (t) => {
  const server = await startStation(t, '[/admin.cgi]', 'demo')
  const client = listen(t, server.port, '/admin.cgi?mode=updinfo&pass=hackme&song=x')
  t.match(await client.headCame(), /^HTTP\/1\.1 200 OK\r\n[^]*audio\//)
  await client.bodyHas(1)
})

function residentMegabytes({ child: { pid } }: Server): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? []
  return Number(kilobytes) / 1024
}
