import { once } from 'node:events'
import { openSync } from 'node:fs'
import type { Writable } from 'node:stream'
import t from 'tap'
import { listen } from '../../client.ts'
import { run, type Server, startServer } from '../../streamserve.ts'

const RAW = ['-frame-filter', 'raw', '-frame-bytes', '4']

function inputOf(server: Server): Writable {
  const { stdin } = server.child
  if (stdin === null) throw new Error('it has no input')
  stdin.on('error', () => {})
  return stdin
}

/** Numbers, 4 bytes each, from `first` on. */
function numbersFrom(first: number, count: number): Buffer {
  const bytes = Buffer.alloc(4 * count)
  for (let i = 0; i < count; i++) bytes.writeUInt32BE(first + i, 4 * i)
  return bytes
}

t.test('reads standard input without -exec and -path, and as /dev/stdin', async (t) => {
  for (const flags of [[], ['-path', '/dev/stdin']]) {
    const server = await startServer(t, [...RAW, ...flags], { stdin: 'pipe' })
    const listener = listen(t, server.port)
    inputOf(server).write(numbersFrom(0, 10_000))
    t.ok((await listener.bodyHas(40_000)).equals(numbersFrom(0, 10_000)))
    t.match(await server.logged(/source opened/), 'source="standard input"')
  }
})

t.test('reads nothing before the first listener', async (t) => {
  const server = await startServer(t, RAW, { stdin: 'pipe' })
  const input = inputOf(server)
  // More than the capacity of a pipe.
  input.write(numbersFrom(0, 250_000))
  const flushed = once(input, 'drain').then(() => 'read')
  const other = listen(t, server.port, '/elsewhere')
  await other.closed
  t.equal(await Promise.race([flushed, Promise.resolve('waiting')]), 'waiting')
  const listener = listen(t, server.port)
  t.ok((await listener.bodyHas(4_000)).subarray(0, 4_000).equals(numbersFrom(0, 1_000)))
  t.equal(await flushed, 'read')
})

t.test('sends all bytes, a short tail too, and exits with 1 at its end without -reopen=false', async (t) => {
  const server = await startServer(t, RAW, { stdin: 'pipe' })
  const listeners = [listen(t, server.port)]
  const input = inputOf(server)
  input.write(numbersFrom(0, 1))
  await listeners[0]?.bodyHas(4)
  for (let i = 0; i < 4; i++) listeners.push(listen(t, server.port))
  await Promise.all(listeners.map((listener) => listener.bodyHas(4)))
  input.end(Buffer.concat([numbersFrom(1, 50_000), Buffer.from('xyz')]))
  const wanted = Buffer.concat([numbersFrom(0, 50_001), Buffer.from('xyz')])
  for (const listener of listeners) t.ok((await listener.closed).equals(wanted))
  t.equal(await server.exited, 1)
  t.equal(server.count(/listener disconnected.*reason="stream ended"/), 5)
})

t.test('sends all bytes to the first listener and exits when it ended before', async (t) => {
  const server = await startServer(t, RAW, { stdin: 'pipe' })
  inputOf(server).end('some words')
  const listener = listen(t, server.port)
  t.equal((await listener.closed).toString(), 'some words')
  t.equal(await server.exited, 1)
})

t.test('is not read without listeners with -close-idle, and loses no byte', async (t) => {
  const server = await startServer(t, [...RAW, '-close-idle'], { stdin: 'pipe' })
  const input = inputOf(server)
  const first = listen(t, server.port)
  input.write(numbersFrom(0, 100))
  await first.bodyHas(400)
  first.socket.destroy()
  await server.logged(/source closed.*no listeners/)
  input.write(numbersFrom(100, 250_000))
  const flushed = once(input, 'drain').then(() => 'read')
  await listen(t, server.port, '/elsewhere').closed
  t.equal(await Promise.race([flushed, Promise.resolve('waiting')]), 'waiting')
  const second = listen(t, server.port)
  await flushed
  input.end()
  const rest = await second.closed
  t.equal(rest.readUInt32BE(0), 100)
  t.ok(rest.equals(numbersFrom(100, 250_000)) || rest.readUInt32BE(rest.length - 4) === 250_099)
  t.equal(await server.exited, 1)
})

t.test('reads a file as standard input', async (t) => {
  const file = `${t.testdir({ file: 'from a file' })}/file`
  const server = await startServer(t, RAW, { stdin: openSync(file, 'r') })
  t.equal((await listen(t, server.port).closed).toString(), 'from a file')
  t.equal(await server.exited, 1)
})

t.test('exits with 0 at its end with -reopen=false', async (t) => {
  const server = await startServer(t, [...RAW, '-reopen=false'], { stdin: 'pipe' })
  inputOf(server).end('some words')
  t.equal((await listen(t, server.port).closed).toString(), 'some words')
  t.equal(await server.exited, 0)
})

t.test('the program refuses to start when standard input is /dev/null and no source is named', async (t) => {
  for (const flags of [[], ['-config', '/dev/null']]) {
    const { code, stdout, stderr } = await run(['-address', '127.0.0.1:0', ...flags])
    t.match({ code, stdout }, { code: 2, stdout: '' })
    t.match(stderr, /^streamserve: standard input is empty \(\/dev\/null\): pipe data in, [^\n]*\n$/)
  }
})

t.test('SIGTERM ends the program while its input stays open', async (t) => {
  const server = await startServer(t, RAW, { stdin: 'pipe' })
  const listener = listen(t, server.port)
  inputOf(server).write(numbersFrom(0, 10))
  await listener.bodyHas(40)
  server.child.kill()
  t.equal(await server.exited, 0)
  t.equal((await listener.closed).length, 40)
})
