import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { IndexReport } from '../../../src/endpoints/index/index-entry.ts'
import { listen } from '../../client.ts'
import { numbers } from '../../feeders.ts'
import { startServer } from '../../streamserve.ts'
import { sampleBytes, speak, TOKEN } from '../live/live-publisher.ts'
import { statusAt, watchStatus } from './status-watch.ts'

const RAW = ['-frame-filter', 'raw', '-frame-bytes', '4']
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/

t.test('shows the format of a stream from a browser, not that of the samples beside it', async (t) => {
  const server = await startServer(t, ['-talk', '-live-token', TOKEN, '-demo'])
  const speaker = speak(t, server, 'kitchen')
  await speaker.onAir()
  const listener = listen(t, server.port, '/kitchen')
  await speaker.isHeardBy(1)
  speaker.opened.send(sampleBytes(0, 4096))
  await listener.bodyHas(4096)
  const { streams } = await statusAt(server.url)
  const stream = streams.find(({ path }) => path === '/kitchen')
  t.match(stream, { contentType: 'audio/wav', listen: '/kitchen' })
  t.match(stream?.format, /48 kHz, mono/)
})

t.test('shows the publisher of a stream, and its address only where addresses are shown', async (t) => {
  for (const [access, address] of [
    ['local', /^127\.0\.0\.1:\d+$/],
    ['all', null],
  ] as const) {
    const server = await startServer(t, ['-talk', '-live-token', TOKEN, '-demo', '-status', access])
    const speaker = speak(t, server, 'kitchen')
    await speaker.onAir()
    speaker.opened.send(sampleBytes(0, 4096))
    await listen(t, server.port, '/kitchen').bodyHas(1_000)
    const { streams } = await statusAt(server.url)
    const stream = streams.find(({ path }) => path === '/kitchen')
    t.match(stream?.publisher, { address, user: null, since: MOMENT })
    t.match(stream, { relay: null, from: null })
  }
})

t.test('shows the relayed server, and the stream that another is made of', async (t) => {
  const upstream = await startServer(t, ['-demo', '-name', 'Upstream'])
  const file = join(t.testdir(), 'main.conf')
  writeFileSync(file, `[/relayed]\nrelay ${upstream.url}/?wav\n[/copy]\nfrom /relayed\n`)
  const server = await startServer(t, ['-config', file])
  await listen(t, server.port, '/copy').bodyHas(1_000)
  const { streams } = await statusAt(server.url)
  t.match(streams, [
    { path: '/copy', source: { kind: 'from' }, from: { path: '/relayed', since: MOMENT }, relay: null },
    { path: '/relayed', source: { kind: 'relay' }, relay: { url: `${upstream.url}/?wav`, since: MOMENT }, from: null },
  ])
})

t.test('shows what is heard while the source is away, and what the source does', async (t) => {
  const file = join(t.testdir(), 'main.conf')
  writeFileSync(file, '[/dj]\npublish\npublish-anybody\nfallback /other\n[/other]\ndemo\n')
  const server = await startServer(t, ['-config', file])
  await listen(t, server.port, '/dj').bodyHas(1_000)
  const [stream] = (await statusAt(server.url)).streams
  t.match(stream, {
    source: { kind: 'publish', state: 'waiting' },
    fallback: { playing: '/other', since: MOMENT },
    publisher: null,
    level: null,
    silentSince: null,
    bitsPerSecond: Number,
  })
  const { streams } = (await (await fetch(`${server.url}/?json`)).json()) as IndexReport
  t.match(streams[0], { path: '/dj', isOpen: true })
})

t.test('/status.json has all properties of the program and its streams', async (t) => {
  const server = await startServer(t, [...RAW, '-name', 'A station', '-exec', ...numbers()])
  const idle = await statusAt(server.url)
  t.match(idle, {
    time: MOMENT,
    troubles: [],
    program: {
      name: 'A station',
      version: /^\d+\.\d+\.\d+/,
      node: process.version,
      startedAt: MOMENT,
      listeners: 0,
      memoryBytes: Number,
      threads: 1,
      load: Number,
    },
  })
  t.strictSame(idle.streams[0], {
    path: '/',
    name: 'A station',
    listen: '/',
    contentType: 'application/octet-stream',
    format: null,
    title: null,
    titles: [],
    source: {
      kind: 'exec',
      state: 'closed',
      since: idle.streams[0]?.source.since,
      retryAt: null,
      label: idle.streams[0]?.source.label,
      leftOut: null,
      openings: 0,
      lastEnd: null,
      said: [],
    },
    publisher: null,
    relay: null,
    from: null,
    fallback: null,
    level: null,
    silentSince: null,
    recording: null,
    bitsPerSecond: null,
    listeners: 0,
    maxListeners: null,
    hls: null,
    hub: null,
    rewind: null,
    listenerPeak: null,
    history: { everySeconds: 5, from: 0, listeners: [0] },
    framesSent: 0,
    framesSkipped: 0,
    bytesIn: 0,
    invalidBytes: 0,
    bytesOut: 0,
  })
  t.match(idle.streams[0]?.source.label, /node/)
  const listeners = [listen(t, server.port), listen(t, server.port)]
  for (const listener of listeners) await listener.bodyHas(400)
  const busy = await statusAt(server.url)
  const [stream] = busy.streams
  t.match(busy.program, { listeners: 2 })
  t.match(stream, {
    listeners: 2,
    listenerPeak: { listeners: 2, at: MOMENT },
    framesSkipped: 0,
    source: { state: 'open', since: MOMENT, openings: 1 },
  })
  t.ok((stream?.framesSent ?? 0) >= 200)
  t.equal(stream?.bytesOut, 4 * (stream?.framesSent ?? 0))
})

t.test('counts frames of present and former listeners exactly', async (t) => {
  const server = await startServer(t, [...RAW, '-client-max-bytes', '400', '-exec', ...numbers()])
  for (let i = 0; i < 3; i++) await listen(t, server.port).closed
  await server.loggedTimes(/listener disconnected .*frames=100 skipped=0/, 3)
  const [stream] = (await statusAt(server.url)).streams
  t.match(stream, { framesSent: 300, framesSkipped: 0, bytesOut: 1200, listeners: 0 })
})

t.test('reports how far listeners can go back', async (t) => {
  const server = await startServer(t, ['-demo', '-rewind', '90s'])
  t.strictSame((await statusAt(server.url)).streams[0]?.rewind, { reachMs: 0, wantedMs: 90_000, bytes: 0 })
  await listen(t, server.port).bodyHas(100_000)
  const { reachMs = 0, bytes = 0 } = (await statusAt(server.url)).streams[0]?.rewind ?? {}
  t.ok(reachMs > 0 && reachMs < 90_000, `${reachMs} ms`)
  t.ok(bytes >= 90_000, `${bytes} bytes`)
})

t.test('reports the bit rate of the sound', async (t) => {
  const server = await startServer(t, ['-demo'])
  const watch = await watchStatus(t, server.url)
  await listen(t, server.port).bodyHas(1)
  const report = await watch.sees('a rate', ({ streams }) => streams[0]?.bitsPerSecond !== null)
  t.match(report.streams[0], {
    bitsPerSecond: 1_411_200,
    contentType: 'audio/wav',
    format: 'PCM, 16 bit, 44.1 kHz, stereo',
  })
})

t.test('reports why a source fails, when it is tried again, and the end of its standard error', async (t) => {
  const server = await startServer(t, [...RAW, '-exec', 'echo one >&2; echo two >&2; exit 3'])
  const watch = await watchStatus(t, server.url)
  listen(t, server.port)
  const report = await watch.sees('a failure', ({ streams }) => streams[0]?.source.state === 'retrying')
  const source = report.streams[0]?.source
  t.match(source, { retryAt: MOMENT, lastEnd: { at: MOMENT, why: 'exit code 3', failed: true } })
  t.match(source?.said.slice(-2), [
    { at: MOMENT, text: 'one' },
    { at: MOMENT, text: 'two' },
  ])
  const later = await watch.sees('many lines', ({ streams }) => (streams[0]?.source.openings ?? 0) >= 3)
  t.ok((later.streams[0]?.source.said.length ?? 0) >= 6)
})

t.test('shows text of others as one line of limited length', async (t) => {
  const script = `printf '<b>\\033[31mred\\n' >&2; head -c 100000 /dev/zero | tr '\\0' x >&2; echo >&2; exec sleep 1000`
  const title = join(t.testdir(), 'title')
  writeFileSync(title, `<script>\u202e"'${'y'.repeat(3_000)}\nmore`)
  const server = await startServer(t, [...RAW, '-title-file', title, '-exec', script])
  listen(t, server.port)
  const watch = await watchStatus(t, server.url)
  const report = await watch.sees('all of it', ({ streams }) => (streams[0]?.source.said.length ?? 0) === 20)
  const [stream] = report.streams
  t.equal(stream?.title, `<script>\\u202e"'${'y'.repeat(488)}…`)
  t.notMatch(JSON.stringify(report), /[\p{Cc}\u202e]/u)
  for (const { text } of stream?.source.said ?? []) t.ok(text.length <= 500)
})

t.test('reports the title of a played file', async (t) => {
  const title = join(t.testdir(), 'title')
  writeFileSync(title, 'Nina Simone - Sinnerman\n')
  const server = await startServer(t, ['-demo', '-title-file', title])
  const [stream] = (await statusAt(server.url)).streams
  t.match(stream, { title: 'Nina Simone - Sinnerman', titles: [{ title: 'Nina Simone - Sinnerman', since: MOMENT }] })
})
