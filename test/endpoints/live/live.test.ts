import { fileURLToPath } from 'node:url'
import t from 'tap'
import { listen } from '../../client.ts'
import { numbers } from '../../feeders.ts'
import { startServer } from '../../streamserve.ts'
import { needsNewerNode, newerNode } from '../../threads/newer-node.ts'
import { listenLow } from '../low/low-listener.ts'
import { sampleBytes, speak, TOKEN } from './live-publisher.ts'

t.setTimeout(120_000)

const FLAGS = ['-talk', '-live-token', TOKEN, '-pcm', 'cd', '-exec', ...numbers()]
const WAV_HEADER_BYTES = 44
/** Number of samples in a frame of WAV: samples that do not fill one wait. */
const FRAME = 512

/** The samples after a WAV header. */
function samplesIn(body: Buffer): number[] {
  const bytes = body.subarray(WAV_HEADER_BYTES)
  return Array.from({ length: Math.floor(bytes.length / 2) }, (_, at) => bytes.readUInt16LE(2 * at))
}

function rowFrom(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, at) => (from + at) & 0xffff)
}

t.test('serves the sound of a publisher at /live/NAME as WAV at /NAME', async (t) => {
  const server = await startServer(t, FLAGS)
  const speaker = speak(t, server, 'kitchen')
  await speaker.onAir()
  speaker.opened.send(sampleBytes(0, FRAME))
  const listener = listen(t, server.port, '/kitchen')
  await speaker.isHeardBy(1)
  speaker.opened.send(sampleBytes(FRAME, FRAME))
  const body = await listener.bodyHas(WAV_HEADER_BYTES + 4 * FRAME)
  t.match(listener.head(), 'Content-Type: audio/wav')
  t.equal(body.readUInt32LE(24), 48_000, 'rate')
  t.equal(body.readUInt16LE(22), 1, 'channels')
  t.strictSame(samplesIn(body), rowFrom(0, 2 * FRAME))
  t.match(await server.logged(/publisher connected/), /stream=\/kitchen client=127.0.0.1:\d+/)
  t.notMatch(server.log(), TOKEN, 'and the token is nowhere in the log')
})

t.test('serves the same for ?wav, and at low delay', async (t) => {
  const server = await startServer(t, FLAGS)
  const speaker = speak(t, server, 'kitchen', { rate: 16_000 })
  await speaker.onAir()
  speaker.opened.send(sampleBytes(0, FRAME))
  const listener = listen(t, server.port, '/kitchen?wav')
  const body = await listener.bodyHas(WAV_HEADER_BYTES + 2 * FRAME)
  t.equal(body.toString('latin1', 0, 4), 'RIFF')
  t.strictSame(samplesIn(body), rowFrom(0, FRAME))
  const low = listenLow(t, `ws://127.0.0.1:${server.port}/kitchen?low`)
  await low.has(2 * FRAME)
  t.strictSame(JSON.parse(low.texts[0] ?? ''), { encoding: 's16le', rate: 16_000, channels: 1 })
  t.strictSame(low.samples(), sampleBytes(0, FRAME))
})

t.test('keeps listeners while the publisher is away', async (t) => {
  const server = await startServer(t, FLAGS)
  const first = speak(t, server, 'kitchen')
  await first.onAir()
  first.opened.send(sampleBytes(0, FRAME))
  const listener = listen(t, server.port, '/kitchen')
  await listener.bodyHas(WAV_HEADER_BYTES + 2 * FRAME)
  first.opened.close()
  await server.logged(/publisher disconnected stream=\/kitchen/)
  const second = speak(t, server, 'kitchen')
  await second.onAir()
  second.opened.send(sampleBytes(5000, FRAME))
  const body = await listener.bodyHas(WAV_HEADER_BYTES + 4 * FRAME)
  t.strictSame(samplesIn(body), [...rowFrom(0, FRAME), ...rowFrom(5000, FRAME)])
})

t.test('sends listeners silence meanwhile with -fill silence', async (t) => {
  const server = await startServer(t, ['-fill', 'silence', ...FLAGS])
  const speaker = speak(t, server, 'kitchen')
  await speaker.onAir()
  speaker.opened.send(sampleBytes(1, FRAME))
  const listener = listen(t, server.port, '/kitchen')
  await listener.bodyHas(WAV_HEADER_BYTES + 2 * FRAME)
  speaker.opened.close()
  const samples = samplesIn(await listener.bodyHas(WAV_HEADER_BYTES + 2 * FRAME * 10))
  t.strictSame(samples.slice(0, FRAME), rowFrom(1, FRAME))
  t.ok(samples.slice(FRAME).every((sample) => sample === 0))
})

t.test('accepts one publisher at a time, and the same one over another connection', async (t) => {
  const server = await startServer(t, FLAGS)
  const first = speak(t, server, 'kitchen', { me: 'the-first-one' })
  await first.onAir()
  const second = speak(t, server, 'kitchen')
  t.match(await second.closed, { code: 4023, reason: 'another publisher is on air' })
  const elsewhere = speak(t, server, 'garage')
  await elsewhere.onAir()
  const again = speak(t, server, 'kitchen', { me: 'the-first-one' })
  t.match(await first.closed, { code: 4001 })
  await again.onAir()
})

t.test('refuses names that are in use', async (t) => {
  const server = await startServer(t, FLAGS)
  for (const name of ['talk', 'live', 'status', 'player', 'assets/x']) {
    t.match(await speak(t, server, name).closed, { code: 4009 }, name)
  }
  for (const name of ['a//b', '%00']) t.match(await speak(t, server, name).closed, { code: 1006 }, name)
})

t.test('refuses a wrong token, more slowly each time, and accepts the right one soon afterwards', async (t) => {
  const server = await startServer(t, FLAGS)
  const begin = performance.now()
  t.match(await speak(t, server, 'kitchen', { token: 'wrong-one' }).closed, { code: 4003 })
  const first = performance.now() - begin
  t.match(await speak(t, server, 'kitchen', { token: 'wrong-two' }).closed, { code: 4003 })
  t.ok(first >= 1000, `${first}`)
  t.ok(performance.now() - begin >= 3000)
  await speak(t, server, 'kitchen').onAir()
  t.equal(listen(t, server.port, '/nobody').head(), '')
})

t.test('serves the stream of a publisher in other threads too', { skip: needsNewerNode }, async (t) => {
  const busy = ['-frame-filter', fileURLToPath(new URL('../../threads/busy-filter.js', import.meta.url))]
  const flags = ['-talk', '-live-token', TOKEN, '-cpu-max', '2', ...busy, '-exec', ...numbers()]
  const server = await startServer(t, flags, { node: newerNode })
  listen(t, server.port)
  await server.logged(/delivery thread started/)
  const speaker = speak(t, server, 'kitchen')
  await speaker.onAir()
  speaker.opened.send(sampleBytes(0, FRAME))
  // The kernel chooses the thread that accepts a connection: of this number both accept some.
  const listeners = Array.from({ length: 12 }, () => listen(t, server.port, '/kitchen'))
  await speaker.isHeardBy(12)
  speaker.opened.send(sampleBytes(FRAME, FRAME))
  for (const listener of listeners) {
    const body = await listener.bodyHas(WAV_HEADER_BYTES + 4 * FRAME)
    t.strictSame(samplesIn(body), rowFrom(0, 2 * FRAME))
  }
  t.ok(server.count(/listener connected thread=1 stream=\/kitchen/) > 0)
})

t.test('has no such page without -talk', async (t) => {
  const server = await startServer(t, ['-exec', ...numbers()])
  const client = listen(t, server.port, '/live/kitchen')
  t.match(await client.headCame(), / 404 /)
})

t.test('notifies the publisher when the server is shutting down', async (t) => {
  const server = await startServer(t, FLAGS)
  const speaker = speak(t, server, 'kitchen')
  await speaker.onAir()
  server.child.kill()
  t.match(await speaker.closed, { code: 1001 })
  t.equal(await server.exited, 0)
})
