import { once } from 'node:events'
import t from 'tap'
import type { StreamEvent } from '../../src/stream/stream-event.ts'
import { type Client, connectTo, listen } from '../client.ts'
import { areConsecutive, numberBytes, numbersIn } from '../feeders.ts'
import { adtsFrames, mpegFrames } from '../filters/made-up.ts'
import { until } from '../processes.ts'
import { audioHas, ICY_FIELD } from '../transport/icy/icy.ts'
import { openProgram } from './program-parts.ts'

const RAW = ['-frame-filter', 'raw', '-frame-bytes', '4']
const LARGE = ['-frame-filter', 'raw', '-frame-bytes', '4000']
const FRAMES = Array.from({ length: 100 }, (_, i) => Buffer.from(String(i).padStart(4, '.')))

t.test(
  'opens the source once with the first listener of any thread, and closes it with the last with -close-idle',
  async (t) => {
    const parts = await openProgram(t, [...RAW, '-close-idle'])
    const ports = [(await parts.start()).port, (await parts.start()).port]
    t.equal(parts.source.opened, 0)
    const listeners = [...ports, parts.port].map((port) => listen(t, port))
    await parts.logged(/listener connected/, 3)
    await parts.logged(/source opened/)
    await parts.has(3)
    parts.source.give(...FRAMES)
    for (const listener of listeners) await listener.bodyHas(4)
    for (const [at, listener] of listeners.entries()) {
      t.equal(parts.source.closed, 0)
      listener.reset()
      await parts.logged(/listener disconnected/, at + 1)
    }
    await parts.logged(/source closed.*no listeners/)
    t.equal(parts.stream.listeners, 0)
    t.equal(parts.source.opened, 1)
    listen(t, ports[0] ?? 0)
    await parts.logged(/source opened/, 2)
  },
)

t.test('counts the listeners and bytes of all threads in statistics', async (t) => {
  const parts = await openProgram(t, [...RAW, '-burst', '0', '-reopen=false'])
  const { port } = await parts.start()
  const listeners = [parts.port, port, port].map((one) => listen(t, one))
  await parts.has(3)
  t.equal(parts.stream.statistics().listeners, 3)
  parts.source.give(...FRAMES)
  parts.source.end()
  for (const listener of listeners) t.equal((await listener.closed).length, 400)
  await parts.logged(/listener disconnected/, 3)
  t.match(parts.stream.statistics(), { listeners: 0, bytesIn: 400, bytesOut: 1200 })
})

t.test('applies -client-max-bytes in each thread', async (t) => {
  const parts = await openProgram(t, [...RAW, '-client-max-bytes', '42'])
  const { port } = await parts.start()
  const listeners = [parts.port, port].map((one) => listen(t, one))
  await parts.logged(/listener connected/, 2)
  parts.source.give(...FRAMES)
  for (const listener of listeners) t.equal((await listener.closed).length, 44)
  await parts.logged(/listener disconnected.*bytes=44 frames=11 skipped=0 reason=byte limit/, 2)
})

t.test('sends titles in their places in each thread', async (t) => {
  const parts = await openProgram(t, ['-frame-filter', 'mp3'])
  const { port } = await parts.start()
  const listeners = [parts.port, port].map((one) => listen(t, one, '/', ICY_FIELD))
  await parts.logged(/listener connected/, 2)
  parts.stream.setTitle('One')
  parts.source.give(...mpegFrames(200, 1))
  for (const listener of listeners) await audioHas(listener, 417 * 150)
  parts.stream.setTitle('Two')
  parts.source.give(...mpegFrames(200, 2))
  const bodies = await Promise.all(listeners.map((listener) => audioHas(listener, 417 * 350)))
  for (const { blocks } of bodies) {
    t.strictSame(
      blocks.map(([, text]) => text),
      ["StreamTitle='One';", "StreamTitle='Two';"],
    )
  }
  t.strictSame(bodies[1]?.blocks, bodies[0]?.blocks)
  t.match(listeners[1]?.head(), /icy-name: a house/)
})

t.test('disconnects the listeners of all threads when the format changes', async (t) => {
  const parts = await openProgram(t, [])
  const { port } = await parts.start()
  const listeners = [parts.port, port].map((one) => listen(t, one))
  await parts.logged(/listener connected/, 2)
  parts.source.give(...mpegFrames(40, 1))
  for (const listener of listeners) await listener.bodyHas(417 * 20)
  parts.source.end()
  await parts.logged(/source closed/)
  parts.source.give(...adtsFrames(40, 1))
  for (const listener of listeners) t.equal((await listener.closed).length % 417, 0)
  await parts.logged(/listener disconnected.*reason=format changed/, 2)
  const again = listen(t, port)
  await again.bodyHas(1)
  t.match(again.head(), /^Content-Type: audio\/aac/m)
})

t.test('responds alike in all threads', async (t) => {
  const parts = await openProgram(t, ['-frame-filter', 'mp3'])
  const { port } = await parts.start()
  for (const request of [
    'HEAD / HTTP/1.1',
    'GET /nowhere HTTP/1.1',
    'OPTIONS * HTTP/1.1',
    'POST / HTTP/1.0',
    'nonsense',
  ]) {
    const [own, other] = [parts.port, port].map((one) => connectTo(t, one, `${request}\r\nHost: a\r\n\r\n`))
    await Promise.all([own?.closed, other?.closed])
    t.equal(dateless(other), dateless(own), request)
  }
  t.equal(parts.source.opened, 0)
})

t.test('disconnects a listener that reads nothing in any thread, without delaying the end', async (t) => {
  const parts = await openProgram(t, [...LARGE, '-client-timeout', '50ms'])
  const { port } = await parts.start()
  const listener = listen(t, port)
  await listener.headCame()
  listener.socket.pause()
  const chunk = Buffer.alloc(1024 * 1024)
  const flood = setInterval(() => parts.source.give(chunk), 5)
  await parts.logged(/listener disconnected.*reason=write timeout/)
  clearInterval(flood)
  t.equal(parts.stream.listeners, 0)
})

t.test('skips whole frames for a slow listener of a thread, and counts them', async (t) => {
  const parts = await openProgram(t, [...LARGE, '-source-buffer', '100'])
  const { port } = await parts.start()
  const [slow, other] = [listen(t, port), listen(t, port)]
  await Promise.all([slow.headCame(), other.headCame()])
  slow.socket.pause()
  let given = 0
  const flood = setInterval(() => {
    parts.source.give(numberBytes(given, 50_000))
    given += 50_000
  }, 5)
  // More than the system buffers for it.
  await other.bodyHas(30_000_000)
  clearInterval(flood)
  slow.socket.resume()
  await slow.bodyHas(1_000_000)
  parts.source.give(numberBytes(given, 1000))
  const last = numberBytes(given + 999, 1)
  for (let body = slow.body(); !body.subarray(-4).equals(last); body = await slow.bodyHas(body.length + 4));
  const got = numbersIn(slow.body())
  t.ok(
    got.every((number, at) => at === 0 || number > (got[at - 1] ?? 0)),
    'in order',
  )
  t.notOk(areConsecutive(got))
  slow.reset()
  await parts.logged(/listener disconnected.*skipped=[1-9]/)
})

t.test('resets a connection without a request when the threads end', async (t) => {
  const parts = await openProgram(t, RAW)
  const { port } = await parts.start()
  const silent = connectTo(t, port, '')
  await once(silent.socket, 'connect')
  await parts.threads.end()
  t.equal((await silent.closed).length, 0)
  t.equal(parts.threads.count, 0)
  t.equal(parts.crashes(), 0)
})

function dateless(client: Client | undefined): string {
  return String(client?.received()).replace(/^Date: .*$/m, '')
}

t.test('a stream emits the events of the listeners of all threads, and logs each once', async (t) => {
  const parts = await openProgram(t, [...RAW, '-burst', '0'])
  const { port } = await parts.start()
  const events: StreamEvent[] = []
  parts.stream.events.subscribe((event) => void events.push(event))
  const listeners = [listen(t, parts.port), listen(t, port, '/', 'User-Agent: elsewhere\r\n')]
  await parts.has(2)
  parts.source.give(...FRAMES)
  for (const listener of listeners) await listener.bodyHas(400)
  for (const listener of listeners) listener.reset()
  await parts.logged(/listener disconnected/, 2)
  await until('all events', () => events.filter(({ kind }) => kind === 'listener disconnected').length === 2)
  const connected = events.flatMap((event) => (event.kind === 'listener connected' ? [event] : []))
  t.strictSame(
    connected.map(({ thread }) => thread),
    [undefined, 1],
  )
  t.match(connected[1], { agent: 'elsewhere', client: /^127\.0\.0\.1:\d+$/ })
  t.match(
    events.find((event) => event.kind === 'listener disconnected' && event.thread === 1),
    { bytes: 400, frames: 100, skipped: 0, reason: 'disconnected' },
  )
  const logged = parts.log.lines().filter((line) => line === 'info listener connected')
  t.equal(logged.length, 2)
})
