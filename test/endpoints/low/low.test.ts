import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { listen } from '../../client.ts'
import { feed, visitOf } from '../../delivery/visits.ts'
import { areConsecutive, numberBytes, numbers, numbersIn } from '../../feeders.ts'
import { type Server, startServer } from '../../streamserve.ts'
import { needsNewerNode, newerNode } from '../../threads/newer-node.ts'
import { type LowListener, listenLow, refusal } from './low-listener.ts'

t.setTimeout(120_000)

const CD = { encoding: 's16le', rate: 44_100, channels: 2 }
/** Number of bytes that fills all buffers of a connection twice. */
const FLOOD_BYTES = 24 * 1024 * 1024
const PIECE_BYTES = 64 * 1024

function lowAddress(server: { readonly port: number }, path = '/'): string {
  return `ws://127.0.0.1:${server.port}${path}?low`
}

/** A WAV stream of numbers, each as long as a sample of both channels. */
function wavOfNumbers(): string[] {
  const [node = '', flag = '', script = ''] = numbers()
  const header = `const { endlessWavHeader } = await import('${new URL('../../../filters/wav/header.js', import.meta.url).href}')
    const { parsePcmFormat } = await import('${new URL('../../../filters/pcm-format.js', import.meta.url).href}')
    process.stdout.write(endlessWavHeader(parsePcmFormat('s24le:48000:4')))`
  return [node, '--input-type=module', flag, `${header}\n${script}`]
}

t.test('sends a WebSocket at ?low the format, and then every sample in order', async (t) => {
  const server = await startServer(t, ['-pcm', 'cd', '-exec', ...numbers()])
  const low = listenLow(t, lowAddress(server))
  await low.has(40_000)
  t.strictSame(JSON.parse(low.texts[0] ?? ''), CD)
  t.ok(low.messages.every(({ length }) => length % 4 === 0))
  t.ok(areConsecutive(numbersIn(low.samples())))
  low.opened.close()
  const visit = await visitOf(server, low)
  t.match(visit, { skipped: 0, reason: 'disconnected' })
  t.ok(visit.bytes >= 40_000)
})

t.test('starts with enough samples to play at once, and no more', async (t) => {
  const flags = ['-pcm', 's16le:1000:2', '-frame-bytes', '4', '-exec', ...numbers({ everyMs: 100, burst: 100 })]
  const server = await startServer(t, flags)
  const first = listenLow(t, lowAddress(server))
  await first.has(4 * 500)
  const second = listenLow(t, lowAddress(server))
  await second.has(4)
  t.equal(second.messages[0]?.length, 4 * 100, '100 ms')
})

t.test('takes the format of WAV from its header', async (t) => {
  const server = await startServer(t, ['-exec', ...wavOfNumbers()])
  const low = listenLow(t, lowAddress(server))
  await low.has(12_000)
  t.strictSame(JSON.parse(low.texts[0] ?? ''), { encoding: 's24le', rate: 48_000, channels: 4 })
  t.ok(low.messages.every(({ length }) => length % 12 === 0))
  t.ok(areConsecutive(numbersIn(low.samples())))
})

t.test('returns a short text after the samples that were sent before', async (t) => {
  const server = await startServer(t, ['-pcm', 'cd', '-exec', ...numbers()])
  const low = listenLow(t, lowAddress(server))
  await low.has(400)
  low.opened.send('17')
  t.equal(await low.said(/^17$/), '17')
})

t.test('refuses a stream without known samples in one line', async (t) => {
  const raw = await startServer(t, ['-frame-filter', 'raw', '-exec', ...numbers()])
  const { status, text } = await refusal(lowAddress(raw))
  // Refused even before the first frame: a raw stream has no known sample format.
  t.equal(status, 400)
  t.match(text, /^\?low needs a stream of samples in a known format: -pcm, or WAV\n$/)
  t.match(await refusal(lowAddress(raw, '/nothing')), { status: 404 })
})

t.test('closes the connection when a stream turns out to have no samples', async (t) => {
  const server = await startServer(t, ['-exec', ...numbers()])
  const low = listenLow(t, lowAddress(server))
  t.match(await low.closed, { code: 1003, reason: 'the samples of this stream are not known' })
  t.equal(low.messages.length, 0)
})

t.test('refuses pages of other origins', async (t) => {
  const server = await startServer(t, ['-pcm', 'cd', '-exec', ...numbers()])
  t.match(await refusal(lowAddress(server), { origin: 'http://elsewhere.example' }), { status: 403 })
  const own = listenLow(t, lowAddress(server), { origin: server.url })
  await own.has(400)
})

/** Three listeners, of which the last two do not read while FLOOD_BYTES are sent. */
async function flood(t: Test, timeout: string): Promise<{ server: Server; low: LowListener[] }> {
  const flags = ['-pcm', 'cd', '-source-buffer', '4096', '-client-timeout', timeout]
  const server = await startServer(t, flags, { stdin: 'pipe' })
  const low = [1, 2, 3].map(() => listenLow(t, lowAddress(server)))
  feed(server, numberBytes(0, PIECE_BYTES / 4))
  await Promise.all(low.map((listener) => listener.has(PIECE_BYTES)))
  const [fast, ...slow] = low
  for (const listener of slow) listener.pause()
  for (let at = PIECE_BYTES; at < FLOOD_BYTES; at += PIECE_BYTES) {
    feed(server, numberBytes(at / 4, PIECE_BYTES / 4))
    await fast?.has(at + PIECE_BYTES)
  }
  return { server, low }
}

t.test('skips samples for a client that reads nothing for a while, and for no other', async (t) => {
  const { server, low } = await flood(t, '0')
  const [fast, slow] = low
  if (fast === undefined || slow === undefined) throw new Error('nobody listens')
  slow.resume()
  await slow.ends(numberBytes(FLOOD_BYTES / 4 - 1, 1))
  const got = numbersIn(slow.samples())
  t.ok(got.every((value, at) => at === 0 || value > (got[at - 1] ?? 0)))
  t.ok(areConsecutive(numbersIn(fast.samples())))
  slow.opened.close()
  fast.opened.close()
  t.ok((await visitOf(server, slow)).skipped > 0)
  t.equal((await visitOf(server, fast)).skipped, 0)
})

t.test('closes a client that reads nothing for -client-timeout', async (t) => {
  const { server, low } = await flood(t, '300ms')
  await server.loggedTimes(/listener disconnected .*reason="write timeout"/, 2)
  feed(server, numberBytes(FLOOD_BYTES / 4, PIECE_BYTES / 4))
  await low[0]?.has(FLOOD_BYTES + PIECE_BYTES)
})

t.test('closes the connection when the stream ends', async (t) => {
  const server = await startServer(t, ['-pcm', 'cd', '-reopen=false'], { stdin: 'pipe' })
  const low = listenLow(t, lowAddress(server))
  feed(server, numberBytes(0, 10_000))
  await low.has(40_000)
  server.child.stdin?.end()
  t.match(await low.closed, { code: 1000, reason: 'stream ended' })
  t.equal(await server.exited, 0)
})

t.test('closes the connection with a reason when the server is shutting down', async (t) => {
  const server = await startServer(t, ['-pcm', 'cd', '-exec', ...numbers()])
  const low = listenLow(t, lowAddress(server))
  await low.has(400)
  server.child.kill()
  t.match(await low.closed, { code: 1001 })
  t.equal(await server.exited, 0)
})

t.test('serves clients that connect through threads', { skip: needsNewerNode }, async (t) => {
  const busy = ['-frame-filter', fileURLToPath(new URL('../busy-wav.js', import.meta.url))]
  const flags = ['-cpu-max', '2', ...busy, '-exec', ...wavOfNumbers()]
  const server = await startServer(t, flags, { node: newerNode })
  listen(t, server.port)
  await server.logged(/delivery thread started/)
  // The kernel chooses the thread that accepts a connection: of this number both accept some.
  const low = Array.from({ length: 12 }, () => listenLow(t, lowAddress(server)))
  for (const listener of low) {
    await listener.has(24_000)
    t.equal(listener.texts.length, 1)
    t.ok(areConsecutive(numbersIn(listener.samples())))
  }
})
