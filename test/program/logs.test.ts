import t from 'tap'
import { listen } from '../client.ts'
import { numbers } from '../feeders.ts'
import { until } from '../processes.ts'
import { startServer } from '../streamserve.ts'

const RAW = ['-frame-filter', 'raw', '-frame-bytes', '4']
const TIME = '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3}'

t.test('writes a log line as time, level, message and values', async (t) => {
  const server = await startServer(t, [...RAW, '-exec', ...numbers()])
  const listener = listen(t, server.port, '/', 'User-Agent: some player/1.0\r\n')
  await listener.bodyHas(40)
  listener.socket.destroy()
  await server.logged(/listener disconnected/)
  server.child.kill()
  await server.exited
  const lines = server.log().trimEnd().split('\n')
  for (const line of lines) t.match(line, new RegExp(`^${TIME} (DEBUG|INFO|WARNING|ERROR) +\\S`))
  const find = (what: string) => lines.find((line) => line.includes(what)) ?? ''
  t.match(find('listening'), / INFO +listening address=http:\/\/127\.0\.0\.1:\d+\/$/)
  t.match(find('listener connected'), / stream=\/ client=127\.0\.0\.1:\d+ agent="some player\/1\.0"$/)
  t.match(find('source opened'), / stream=\/ source=".*node.*" pid=\d+$/)
  t.match(
    find('listener disconnected'),
    / client=127\.0\.0\.1:\d+ time=\d+\.\ds bytes=\d+ frames=\d+ skipped=0 reason=disconnected$/,
  )
  t.match(find('source closed'), / pid=\d+ uptime=\d+\.\ds bytes=\d+ reason="shutting down"$/)
  t.match(find('shutdown started'), / shutdown started signal=SIGTERM$/)
})

t.test('logs the standard error of a source with its stream and process', async (t) => {
  const server = await startServer(t, [...RAW, '-warm', '-exec', 'echo trouble >&2; exec sleep 1000'])
  t.match(await server.logged(/source stderr/), /INFO +source stderr stream=\/ pid=\d+ line=trouble$/)
})

t.test('escapes values of clients so that they cannot forge lines, values or colours of the log', async (t) => {
  const server = await startServer(t, [...RAW, '-exec', 'printf "\\033[31mred\\n" >&2; echo 123; exec sleep 1000'])
  listen(t, server.port, '/', 'User-Agent: x why=left\t\u009b31m "quoted"\r\n')
  const line = await server.logged(/listener connected/)
  t.match(line, /agent="x why=left/)
  t.notMatch(await server.logged(/source stderr/), '\u001b')
  t.notMatch(server.log().replaceAll('\n', ''), /\p{Cc}/u)
})

t.test('writes an object per line, with numbers as numbers, with -log-format json', async (t) => {
  const server = await startServer(t, [...RAW, '-log-format', 'json', '-exec', ...numbers()])
  const listener = listen(t, server.port)
  await listener.bodyHas(40)
  listener.socket.destroy()
  await server.logged(/listener disconnected/)
  server.child.kill()
  t.equal(await server.exited, 0)
  interface Line {
    readonly '@timestamp': string
    readonly level: string
    readonly message: string
    readonly properties: Record<string, unknown>
  }
  const lines = server
    .log()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
  t.ok(lines.length >= 6)
  const left = lines.find(({ message }) => message === 'listener disconnected')
  t.equal(left?.level, 'INFO')
  t.match(left?.['@timestamp'], /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/)
  t.match(left?.properties, { stream: '/', skipped: 0, reason: 'disconnected' })
  t.type(left?.properties['bytes'], 'number')
  t.type(lines.find(({ message }) => message === 'source opened')?.properties['pid'], 'number')
})

t.test('logs the statistics of the source at -stat-log-interval', async (t) => {
  const flags = [...RAW, '-stat-log-interval', '200ms', '-exec']
  const server = await startServer(t, [...flags, ...numbers({ everyMs: 5, burst: 100 })])
  t.match(
    await server.logged(/statistics/),
    / INFO +statistics stream=\/ listeners=0 bytesIn=0 invalidBytes=0 bytesOut=0 uptime=0\.0s$/,
  )
  const listeners = [listen(t, server.port), listen(t, server.port)]
  await Promise.all(listeners.map((listener) => listener.bodyHas(4_000)))
  await server.logged(/statistics.* listeners=2 /)
  const newest = (name: string) => {
    const line = server
      .log()
      .split('\n')
      .findLast((line) => line.includes(' statistics '))
    return Number(new RegExp(` ${name}=([\\d.]+)`).exec(line ?? '')?.[1])
  }
  // Each of the two listeners receives all further bytes.
  await until('more goes out than comes in', () => newest('bytesOut') > newest('bytesIn'))
  await until('the bytes of the listeners are counted', () => newest('bytesIn') >= 4_000)
  t.equal(newest('invalidBytes'), 0)
  await server.logged(/statistics.* uptime=([1-9]|0\.[1-9])/)
  for (const listener of listeners) listener.socket.destroy()
  await server.logged(/statistics.* listeners=0 bytesIn=[1-9]/)
})

t.test('counts bytes that cannot start a frame in the statistics', async (t) => {
  const flags = ['-frame-filter', 'mp3', '-stat-log-interval', '100ms', '-exec']
  const server = await startServer(t, [...flags, 'head -c 100000 /dev/zero; exec sleep 1000'])
  listen(t, server.port)
  t.match(await server.logged(/statistics.* bytesIn=100000 invalidBytes=/), / invalidBytes=(9\d{4}|100000) /)
  t.match(await server.logged(/no frames found/), 'WARNING')
})

t.test('logs no statistics without the flag, and no details without -debug', async (t) => {
  const server = await startServer(t, [...RAW, '-exec', ...numbers()])
  const listener = listen(t, server.port)
  await listener.bodyHas(400)
  server.child.kill()
  await server.exited
  t.notMatch(server.log(), /statistics|DEBUG/)
})
