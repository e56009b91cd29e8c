import { once } from 'node:events'
import { createServer } from 'node:net'
import t from 'tap'
import { handshake } from '../access/addresses.ts'
import { connectTo, listen } from '../client.ts'
import { areConsecutive, numbers, numbersIn } from '../feeders.ts'
import { needsProc, uniqueToken, untilGone } from '../processes.ts'
import { run, startServer } from '../streamserve.ts'

const RAW = ['-frame-filter', 'raw', '-frame-bytes', '4']

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  t.test(`disconnects listeners after whole frames and exits with 0 on ${signal}`, async (t) => {
    const server = await startServer(t, [...RAW, '-exec', ...numbers({ everyMs: 1, burst: 100 })])
    const listeners = Array.from({ length: 20 }, () => listen(t, server.port))
    await Promise.all(listeners.map((listener) => listener.bodyHas(4_000)))
    const errors: unknown[] = []
    for (const { socket } of listeners) socket.on('error', (error) => errors.push(error))
    server.child.kill(signal)
    t.equal(await server.exited, 0)
    for (const listener of listeners) t.ok(areConsecutive(numbersIn(await listener.closed)))
    t.strictSame(errors, [])
    t.equal(server.count(/listener disconnected.*reason="shutting down"/), 20)
    t.match(server.log(), `shutdown started signal=${signal}`)
  })
}

t.test('ends in time despite a listener that reads nothing', async (t) => {
  const server = await startServer(t, ['-frame-filter', 'raw', '-exec', 'cat', '/dev/zero'])
  const listener = listen(t, server.port)
  await listener.headCame()
  listener.socket.pause()
  await listen(t, server.port).bodyHas(10_000_000)
  const askedAt = performance.now()
  server.child.kill()
  t.equal(await server.exited, 0)
  // 2 s, plus tolerance for a busy machine.
  t.ok(performance.now() - askedAt < 3_000)
})

t.test('ends in time despite a connection without a request', async (t) => {
  const server = await startServer(t, [...RAW, '-exec', ...numbers()])
  const silent = connectTo(t, server.port, '')
  const half = connectTo(t, server.port, 'GET / HTTP/1.1\r\nHo')
  await Promise.all([once(silent.socket, 'connect'), once(half.socket, 'connect')])
  const askedAt = performance.now()
  server.child.kill()
  t.equal(await server.exited, 0)
  t.ok(performance.now() - askedAt < 3_000)
})

for (const path of ['/talk', '/live/one']) {
  t.test(`a WebSocket at ${path} that ends with a broken frame leaves the exit code 0`, async (t) => {
    const server = await startServer(t, [...RAW, '-live-token', 'token-for-live', '-talk', '-exec', ...numbers()])
    const client = connectTo(t, server.port, handshake(path))
    await client.headCame()
    // A connection of its own that has been answered: the WebSocket is known by then.
    await listen(t, server.port).bodyHas(4)
    client.socket.once('data', () => client.socket.write(Buffer.from([0xff, 0xff])))
    server.child.kill()
    t.equal(await server.exited, 0)
  })
}

t.test('accepts no connections while it ends', async (t) => {
  // A child that ignores SIGTERM delays the exit.
  const server = await startServer(t, [
    ...RAW,
    '-exec',
    'trap "" TERM PIPE; while :; do echo 123; sleep 0.1; done 2>/dev/null',
  ])
  await listen(t, server.port).bodyHas(4)
  server.child.kill()
  await server.logged(/shutdown started/)
  const late = listen(t, server.port)
  t.equal((await late.closed).length, 0)
  t.equal(await server.exited, 0)
})

t.test('ends at once with its children on a second signal', { skip: needsProc }, async (t) => {
  const token = uniqueToken()
  const line = `trap "" TERM PIPE; while :; do echo 123; sleep 0.1; done 2>/dev/null; : ${token}`
  const server = await startServer(t, [...RAW, '-exec', line])
  await listen(t, server.port).bodyHas(4)
  server.child.kill('SIGTERM')
  await server.logged(/shutdown started/)
  const askedAt = performance.now()
  server.child.kill('SIGINT')
  t.equal(await server.exited, 1)
  t.ok(performance.now() - askedAt < 1_400, 'sooner than it would have ended by itself')
  await untilGone(token)
})

t.test('names a port that is in use, and exits with 1', async (t) => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  t.teardown(() => other.close())
  const address = other.address()
  const port = typeof address === 'object' ? address?.port : 0
  const { code, stdout, stderr } = await run(['-address', `127.0.0.1:${port}`, '-exec', 'echo x'])
  t.equal(code, 1)
  t.equal(
    stderr,
    `streamserve: cannot listen at 127.0.0.1:${port}: the port is in use by another program; stop it, or choose another port with -address\n`,
  )
  t.equal(stdout, '')
})

t.test('reports bad usage in one line, and exits with 2', async (t) => {
  for (const args of [
    ['-no-such-flag'],
    ['-demo', '-path', 'x'],
    ['-source-buffer', '2'],
    ['stray'],
    ['-exec'],
    ['-frame-filter', './no-such-filter.js'],
  ]) {
    const { code, stdout, stderr } = await run(['-address', '127.0.0.1:0', ...args])
    t.equal(code, 2, args.join(' '))
    t.match(stderr, /^streamserve: .+\n$/)
    t.equal(stderr.trim().split('\n').length, 1)
    t.equal(stdout, '')
  }
})

t.test('continues when the reader of its log has closed it', async (t) => {
  const server = await startServer(t, [...RAW, '-exec', ...numbers()])
  server.child.stdout?.destroy()
  const listener = listen(t, server.port)
  await listener.bodyHas(40)
  listener.socket.destroy()
  await listen(t, server.port).bodyHas(40)
  server.child.kill()
  t.equal(await server.exited, 0)
})

t.test('does not slow down the stream when its log is never read', async (t) => {
  const server = await startServer(t, [...RAW, '-debug', '-exec', ...numbers()])
  server.child.stdout?.pause()
  // About 10 MB of log, if it were stored.
  for (let i = 0; i < 300; i++)
    await connectTo(t, server.port, `GET /${'x'.repeat(4_000)} HTTP/1.1\r\nHost: a\r\n\r\n`).closed
  await listen(t, server.port).bodyHas(40)
  server.child.stdout?.resume()
  server.child.kill()
  t.equal(await server.exited, 0)
})
