import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { get, handshake, reachFrom, statusOf } from '../access/addresses.ts'
import { type Client, connectTo, listen } from '../client.ts'
import { until } from '../processes.ts'
import { startServer } from '../streamserve.ts'
import { openProgram, type TestHouse } from '../threads/program-parts.ts'

const LIVE = ['-path', '/dev/zero', '-pcm', 's16le:8000:1']

/** Connects listeners from a number of addresses, one after the other. */
async function connectListeners(t: Test, port: number, count: number): Promise<Client[]> {
  const clients: Client[] = []
  for (let number = 1; number <= count; number++) {
    const client = listen(t, port, '/', '', reachFrom(`127.0.0.${number}`))
    await client.headCame()
    clients.push(client)
  }
  return clients
}

t.test('refuses connections beyond the maximum with 503, and answers again when one has left', async (t) => {
  const server = await startServer(t, ['-demo', '-max-connections', '3'])
  const [first] = await connectListeners(t, server.port, 3)
  const refused = connectTo(t, server.port, get('/'))
  t.equal(String(await refused.closed), 'the server has too many connections; try again later\n')
  t.match(refused.head(), /^HTTP\/1\.1 503 /)
  t.match(refused.head(), /^Retry-After: 10$/m)
  await server.logged(/connections over the limit.* all=1/)
  first?.reset()
  await until('a place is free', async () => (await statusOf(connectTo(t, server.port, get('/nothing')))) === 404)
})

/** Connects so that clients that are answered are not gone at once. */
function keepHalfOpen(port: number): Socket {
  return connect({ port, host: '127.0.0.1', allowHalfOpen: true })
}

/** Resolves when the server has closed its half, or the connection is broken. */
function ended(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('end', () => resolve()).once('close', () => resolve()))
}

t.test('closes many connections beyond the maximum at once, without a response', async (t) => {
  const server = await startServer(t, ['-demo', '-max-connections', '2'])
  await connectListeners(t, server.port, 2)
  const more = Array.from({ length: 200 }, () => connectTo(t, server.port, '', keepHalfOpen))
  await Promise.all(more.map(({ socket }) => ended(socket)))
  const answered = more.filter((client) => client.head() !== '')
  t.ok(answered.length >= 1 && answered.length < 200, `${answered.length} were answered`)
  for (const client of answered) t.match(client.head(), /^HTTP\/1\.1 503 /)
})

t.test('limits the connections of one address, also those without a request', async (t) => {
  const server = await startServer(t, ['-demo', '-max-connections-per-address', '2', '-trusted-proxies', '192.0.2.1'])
  const [idle, other] = [connectTo(t, server.port, ''), connectTo(t, server.port, '')]
  await Promise.all([idle, other].map(({ socket }) => once(socket, 'connect')))
  const refused = connectTo(t, server.port, get('/'))
  t.equal(String(await refused.closed), 'your address has too many connections; try again later\n')
  t.match(refused.head(), /^HTTP\/1\.1 503 /)
  t.equal(await statusOf(listen(t, server.port, '/', '', reachFrom('127.0.0.2'))), 200)
  await server.logged(/connections over the limit.* ofAddress=1/)
})

t.test('limits the clients of a trusted proxy, and not the proxy', async (t) => {
  const flags = ['-demo', '-max-connections-per-address', '2', '-trusted-proxies', '127.0.0.1']
  const server = await startServer(t, flags)
  const from = (address: string) => listen(t, server.port, '/', `X-Forwarded-For: ${address}\r\n`)
  for (const address of ['203.0.113.1', '203.0.113.1', '203.0.113.2', '2001:db8::1', '2001:db8::2'])
    t.equal(await statusOf(from(address)), 200, address)
  for (const address of ['203.0.113.1', '2001:db8::3']) {
    const refused = from(address)
    t.equal(await statusOf(refused), 429, address)
    t.match(refused.head(), /^Retry-After: 10$/m)
  }
  const proxied = (address: string) => connectTo(t, server.port, `PROXY TCP4 ${address} 192.0.2.1 1 2\r\n${get('/')}`)
  t.equal(await statusOf(proxied('203.0.113.1')), 429)
  t.equal(await statusOf(proxied('203.0.113.3')), 200)
})

/** A house with a thread. */
async function openHouse(t: Test, ...flags: readonly string[]): Promise<TestHouse & { readonly threadPort: number }> {
  const house = await openProgram(t, [...LIVE, ...flags])
  const { port } = await house.start()
  house.source.give(Buffer.alloc(4_000))
  return { ...house, threadPort: port }
}

t.test('counts the connections of all threads together', async (t) => {
  const house = await openHouse(t, '-max-connections', '4')
  await connectListeners(t, house.port, 2)
  await connectListeners(t, house.threadPort, 2)
  for (const port of [house.port, house.threadPort]) t.equal(await statusOf(connectTo(t, port, get('/'))), 503)
})

t.test('counts the connections of one address in all threads together', async (t) => {
  const house = await openHouse(t, '-max-connections-per-address', '2', '-trusted-proxies', '192.0.2.1')
  const [first] = await connectListeners(t, house.port, 1)
  await connectListeners(t, house.threadPort, 1)
  for (const port of [house.port, house.threadPort]) t.equal(await statusOf(connectTo(t, port, get('/'))), 503)
  first?.reset()
  await until('a place is free', async () => (await statusOf(connectTo(t, house.threadPort, get('/nothing')))) === 404)
})

t.test('forgets the connections of a thread that has crashed', async (t) => {
  const house = await openProgram(t, [...LIVE, '-max-connections', '2'])
  const { port, worker } = await house.start()
  house.source.give(Buffer.alloc(4_000))
  await connectListeners(t, port, 2)
  t.equal(await statusOf(connectTo(t, house.port, get('/'))), 503)
  await worker.terminate()
  await until('places are free', async () => (await statusOf(connectTo(t, house.port, get('/nothing')))) === 404)
})

t.test('refuses banned clients and their proxies with 403, in all threads', async (t) => {
  const file = join(t.testdir({ banned: '127.0.0.2\n203.0.113.0/24\n' }), 'banned')
  const house = await openHouse(t, '-ban', file, '-trusted-proxies', '127.0.0.1,127.0.0.2')
  for (const port of [house.port, house.threadPort]) {
    const ask = (fields: string, from = '127.0.0.1') => connectTo(t, port, get('/', fields), reachFrom(from))
    const refused = ask('X-Forwarded-For: 203.0.113.9\r\n')
    t.equal(String(await refused.closed), 'your address is banned\n')
    t.match(refused.head(), /^HTTP\/1\.1 403 /)
    t.equal(await statusOf(ask('', '127.0.0.2')), 403)
    t.equal(await statusOf(ask('X-Forwarded-For: 192.0.2.9\r\n', '127.0.0.2')), 403)
    t.equal(await statusOf(ask('', '127.0.0.3')), 200)
    t.equal(await statusOf(ask('X-Forwarded-For: 192.0.2.9\r\n')), 200)
  }
})

t.test('disconnects listeners that become banned, in all threads, and no others', async (t) => {
  const file = join(t.testdir(), 'banned')
  const house = await openHouse(t, '-ban', file, '-trusted-proxies', '127.0.0.1')
  await house.logged(/ban file not read/)
  const all: Client[] = []
  for (const port of [house.port, house.threadPort]) {
    all.push(listen(t, port, '/', '', reachFrom('127.0.0.2')))
    all.push(listen(t, port, '/', 'X-Forwarded-For: 203.0.113.9\r\n'))
    all.push(listen(t, port, '/', '', reachFrom('127.0.0.3')))
  }
  await house.has(6)
  await writeFile(file, '127.0.0.2\n203.0.113.9 # a bot\n')
  await house.has(2)
  await house.logged(/listener disconnected .*reason=banned/, 4)
  for (const at of [0, 1, 3, 4]) await all[at]?.closed
  t.same(
    [2, 5].map((at) => all[at]?.socket.destroyed),
    [false, false],
  )
})

t.test('disconnects WebSockets and event streams whose clients become banned', async (t) => {
  const file = join(t.testdir({ banned: '' }), 'banned')
  const server = await startServer(t, ['-demo', '-talk', '-ban', file])
  const kinds = [handshake('/talk/x'), get('/status/events'), '']
  const open = (from: string) => kinds.map((text) => connectTo(t, server.port, text, reachFrom(from)))
  const [banned, others] = [open('127.0.0.2'), open('127.0.0.3')]
  for (const client of [...banned, ...others].filter((_, at) => at % 3 < 2)) await client.headCame()
  await writeFile(file, '127.0.0.2\n')
  for (const client of banned) await client.closed
  t.same(
    others.map(({ socket }) => socket.destroyed),
    [false, false, false],
  )
  server.child.kill('SIGKILL')
  await server.exited
})

t.test('disconnects publishers that become banned', async (t) => {
  const file = join(t.testdir({ banned: '' }), 'banned')
  const server = await startServer(t, ['-publish', '-publish-anybody', '-ban', file])
  const publisher = connectTo(t, server.port, '', reachFrom('127.0.0.2'))
  publisher.socket.write('PUT /studio HTTP/1.1\r\nHost: x\r\nContent-Type: audio/mpeg\r\n\r\n')
  await server.logged(/publisher connected/)
  await writeFile(file, '127.0.0.2\n')
  await server.logged(/publisher disconnected.* reason=banned/)
  await publisher.closed
  server.child.kill('SIGKILL')
  await server.exited
})
