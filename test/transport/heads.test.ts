import { connect } from 'node:net'
import t, { type Test } from 'tap'
import { type Client, connectTo, listen } from '../client.ts'
import { areConsecutive, numbers, numbersIn } from '../feeders.ts'
import { needs } from '../programs.ts'
import { type Server, startServer } from '../streamserve.ts'

const SOURCE = ['-frame-filter', 'raw', '-exec', ...numbers()]

t.setTimeout(120_000)

/** Sends a head. @returns the status of the response, which must be a line of text before the connection closes. */
async function refusalOf(t: Test, server: Server, text: string): Promise<number> {
  const client = connectTo(t, server.port, text)
  const body = String(await client.closed)
  const [, status, length] =
    /^HTTP\/1\.1 (\d+) [^\r]+\r\n(?:[^\r]+\r\n)*Content-Length: (\d+)/.exec(client.head()) ?? []
  if (!/^[^\n]+\n$/.test(body) || Number(length) !== body.length) t.fail(`a body of ${JSON.stringify(body)}`)
  return Number(status)
}

/** A listener that must be served throughout the test. */
async function witness(t: Test, server: Server): Promise<Client> {
  const client = listen(t, server.port)
  await client.bodyHas(64)
  return client
}

async function stillServed(t: Test, client: Client): Promise<void> {
  const body = await client.bodyHas(client.body().length + 640)
  t.ok(areConsecutive(numbersIn(body.subarray(0, body.length - (body.length % 64)))), 'nobody else notices')
}

t.test('refuses broken heads with 400', async (t) => {
  const server = await startServer(t, SOURCE)
  const client = await witness(t, server)
  const heads = [
    'hello\r\n\r\n',
    'GET /\r\n\r\n',
    'GET  / HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n',
    'GET / HTTP/1.1\r\nHost : x\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\nX: \0\r\n\r\n',
    'GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET nowhere HTTP/1.1\r\nHost: x\r\n\r\n',
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  ]
  for (const head of heads) t.equal(await refusalOf(t, server, head), 400, JSON.stringify(head))
  t.equal(await refusalOf(t, server, 'GET / HTTP/3.0\r\nHost: x\r\n\r\n'), 505)
  await stillServed(t, client)
})

t.test('refuses huge heads with 431 or 414', async (t) => {
  const server = await startServer(t, SOURCE)
  const client = await witness(t, server)
  const start = 'GET / HTTP/1.1\r\nHost: x\r\n'
  t.equal(await refusalOf(t, server, `${start}X: ${'x'.repeat(20_000)}\r\n\r\n`), 431)
  t.equal(await refusalOf(t, server, `${start}X: ${'x'.repeat(2_000_000)}`), 431, 'without an end, too')
  t.equal(await refusalOf(t, server, '\r\n'.repeat(10_000)), 431, 'empty lines are no way around it')
  t.equal(await refusalOf(t, server, `${start}${'X: y\r\n'.repeat(200)}\r\n`), 431, 'many fields')
  t.equal(await refusalOf(t, server, `GET /${'x'.repeat(9_000)} HTTP/1.1\r\nHost: x\r\n\r\n`), 414)
  await stillServed(t, client)
})

t.test('refuses a head that is late with 408', async (t) => {
  const server = await startServer(t, ['-header-timeout', '1s', ...SOURCE])
  const client = await witness(t, server)
  const startedAt = performance.now()
  const silent = refusalOf(t, server, '')
  const half = refusalOf(t, server, 'GET / HTTP/1.1\r\nHost:')
  const slow = connectTo(t, server.port, 'GET / HTTP/1.1\r\nX: ')
  const drip = setInterval(() => slow.socket.write('x'), 100)
  await slow.closed
  clearInterval(drip)
  t.match(slow.head(), /^HTTP\/1\.1 408 /)
  t.equal(await silent, 408)
  t.equal(await half, 408)
  t.ok(performance.now() - startedAt > 950)
  await stillServed(t, client)
})

t.test('resets a refused connection whose client continues to send', async (t) => {
  const server = await startServer(t, SOURCE)
  for (const head of ['nonsense\r\n\r\n', 'GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n']) {
    const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true })
    let answer = ''
    socket.on('data', (chunk) => {
      answer += String(chunk)
    })
    socket.on('error', () => {})
    const flood = setInterval(() => socket.write('more nonsense'), 50)
    t.teardown(() => {
      clearInterval(flood)
      socket.destroy()
    })
    socket.write(head)
    await new Promise((resolve) => socket.once('close', resolve))
    clearInterval(flood)
    t.match(answer, /^HTTP\/1\.1 40[04] /)
  }
})

t.test('accepts a head in single bytes, and one with bare line feeds', async (t) => {
  const server = await startServer(t, SOURCE)
  const bytes = connectTo(t, server.port, '')
  bytes.socket.setNoDelay(true)
  for (const character of '\r\nGET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: single bytes\r\n\r\n') {
    await new Promise((resolve) => bytes.socket.write(character, resolve))
  }
  await bytes.bodyHas(64)
  t.match(await server.logged(/listener connected/), /agent="single bytes"/)
  const bare = connectTo(t, server.port, 'GET / HTTP/1.0\nUser-Agent: bare\n\n')
  await bare.bodyHas(64)
  t.match(bare.head(), /^HTTP\/1\.0 200 /)
})

t.test('ignores bytes after the head', async (t) => {
  const server = await startServer(t, SOURCE)
  const head = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'
  const client = connectTo(t, server.port, `${head}${head}DELETE / HTTP/1.1\r\n\r\n${'junk'.repeat(100_000)}`)
  await client.bodyHas(640)
  client.socket.write('x'.repeat(1_000_000))
  await stillServed(t, client)
  t.equal(server.count(/listener connected/), 1)
})

t.test('closes a connection whose client closes its half before the head is complete', async (t) => {
  const server = await startServer(t, SOURCE)
  const hasty = connectTo(t, server.port, 'GET / HTT')
  hasty.socket.end()
  t.equal((await hasty.closed).length, 0)
})

t.test('logs no value of a request that looks like another line or another value', async (t) => {
  const server = await startServer(t, SOURCE)
  const client = listen(t, server.port, '/', 'User-Agent: me" reason="nothing\r\n')
  await client.bodyHas(64)
  t.match(await server.logged(/listener connected/), 'agent="me\\" reason=\\"nothing"')
})

t.test('refuses new clients without free descriptors, and serves all others', { skip: needs('prlimit') }, async (t) => {
  const server = await startServer(t, SOURCE, { openFiles: 160 })
  const client = await witness(t, server)
  const clients = Array.from({ length: 140 }, () => listen(t, server.port))
  const statuses = await Promise.all(
    clients.map(async (one) => Number(/^HTTP\/1\.1 (\d+)/.exec(await one.headCame())?.[1])),
  )
  t.strictSame(new Set(statuses), new Set([200, 503]), 'nobody is cut off without a word')
  const refused = clients[statuses.indexOf(503)]
  t.match(refused?.head(), /^Retry-After: \d+$/m)
  t.equal(String(await refused?.closed), 'the server has no capacity for more connections; try again later\n')
  t.match(await server.logged(/WARNING connection limit/), /refused=\d/)
  await stillServed(t, client)
  for (const one of clients) one.socket.destroy()
  await server.loggedTimes(/listener disconnected/, statuses.filter((status) => status === 200).length)
  await witness(t, server)
})
