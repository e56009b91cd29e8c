import { closeSync, openSync } from 'node:fs'
import t from 'tap'
import { plainFrames } from '../../delivery/plain-mp3.ts'
import { until } from '../../processes.ts'
import { startServer } from '../../streamserve.ts'
import { playlistWith, startHls, withSegments } from './hls-server.ts'

const SECOND = ['hls', 'hls-segment 1s']

t.test('the first request opens the source, and waits for the first segment', async (t) => {
  const server = await startHls(t, SECOND)
  const url = `${server.url}/hls/radio/live.m3u8`
  const asked = fetch(url)
  await server.logged(/source (opened|waiting)/)
  server.give(2.5)
  const response = await asked
  t.equal(response.status, 200)
  t.equal(response.headers.get('content-type'), 'application/vnd.apple.mpegurl')
  t.equal(response.headers.get('cache-control'), 'public, max-age=1, stale-while-revalidate=2, stale-if-error=10')
  const text = await response.text()
  t.match(
    text,
    /^#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:\d+\n#EXT-X-DISCONTINUITY-SEQUENCE:\d+\n#EXT-X-INDEPENDENT-SEGMENTS\n/,
  )
  const { segments } = await withSegments(url, 2)
  for (const { uri } of segments) {
    const segment = await fetch(new URL(uri, url))
    t.equal(segment.status, 200)
    t.equal(segment.headers.get('content-type'), 'audio/mpeg')
    t.equal(segment.headers.get('cache-control'), 'public, max-age=3600, immutable')
    t.equal((await segment.arrayBuffer()).byteLength, Number(segment.headers.get('content-length')))
  }
})

t.test('a source without sound is answered with 503 after some time', async (t) => {
  const server = await startHls(t, SECOND)
  const response = await fetch(`${server.url}/hls/radio/live.m3u8`)
  t.equal(response.status, 503)
  t.equal(response.headers.get('retry-after'), '1')
  t.equal(response.headers.get('cache-control'), 'no-store')
  t.equal(response.headers.get('access-control-allow-origin'), '*')
})

t.test('numbers go on while segments leave the playlist', async (t) => {
  const server = await startHls(t, SECOND)
  const url = `${server.url}/hls/radio/live.m3u8`
  server.give(5.5)
  const first = await withSegments(url, 5)
  server.give(9)
  const later = await playlistWith(
    url,
    ({ segments }) => segments.length === 10 && segments[0]?.uri === first.segments[4]?.uri,
  )
  t.equal(later.sequence, first.sequence + 4)
  t.equal(first.segments[0]?.isFirst, true)
  t.equal(later.discontinuity, first.discontinuity + 1, 'the discontinuity has left it')
  t.notOk(later.segments.some(({ isFirst }) => isFirst))
  const [oldest] = first.segments
  t.equal((await fetch(new URL(oldest?.uri ?? '', url))).status, 200, 'it has left, and is still there')
})

t.test('the files of a list are one epoch', async (t) => {
  const file = Buffer.concat(plainFrames(60, 1))
  const server = await startServer(t, [
    '-hls',
    '-hls-segment',
    '1s',
    '-play',
    t.testdir({ 'a.mp3': file, 'b.mp3': file }),
  ])
  const { segments } = await withSegments(`${server.url}/hls/live.m3u8`, 5)
  t.ok(server.count(/source opened/) >= 3)
  t.strictSame(
    segments.map(({ isFirst }) => isFirst),
    [true, false, false, false, false],
  )
  t.strictSame(
    segments.map(({ uri }) => uri.replace(/^\w+\/|\?.*/g, '')),
    ['0.mp3', '1.mp3', '2.mp3', '3.mp3', '4.mp3'],
  )
})

t.test('pages of other sites may read everything, without credentials', async (t) => {
  const server = await startHls(t, SECOND)
  server.give(2.5)
  const url = `${server.url}/hls/radio/live.m3u8`
  const [segment] = (await withSegments(url, 1)).segments
  for (const one of [url, new URL(segment?.uri ?? '', url), `${server.url}/hls/none/live.m3u8`]) {
    for (const method of ['GET', 'HEAD']) {
      const response = await fetch(one, { method, headers: { Origin: 'https://radio.example' } })
      t.equal(response.headers.get('access-control-allow-origin'), '*')
      t.equal(response.headers.get('access-control-allow-credentials'), null)
      const bytes = (await response.arrayBuffer()).byteLength
      t.equal(bytes > 0, method === 'GET', `${method} ${String(one)}`)
    }
    const preflight = await fetch(one, { method: 'OPTIONS', headers: { 'Access-Control-Request-Method': 'GET' } })
    t.equal(preflight.status, 204)
    t.equal(preflight.headers.get('access-control-allow-origin'), '*')
    t.match(preflight.headers.get('access-control-allow-headers'), 'Range')
  }
})

t.test('a client that has the playlist is told so until there is another one', async (t) => {
  const server = await startHls(t, SECOND)
  server.give(2.5)
  const url = `${server.url}/hls/radio/live.m3u8`
  await withSegments(url, 2)
  const tag = (await fetch(url)).headers.get('etag') ?? ''
  const same = await fetch(url, { headers: { 'If-None-Match': tag } })
  t.equal(same.status, 304)
  t.equal(same.headers.get('cache-control'), 'public, max-age=1, stale-while-revalidate=2, stale-if-error=10')
  t.equal(await same.text(), '')
  server.give(2)
  await withSegments(url, 3)
  t.equal((await fetch(url, { headers: { 'If-None-Match': tag } })).status, 200)
})

t.test('another opening of the source is a discontinuity', async (t) => {
  const server = await startHls(t, SECOND)
  const url = `${server.url}/hls/radio/live.m3u8`
  server.give(2.5)
  const before = await withSegments(url, 2)
  await server.reopen()
  await server.loggedTimes(/source opened/, 2)
  server.give(2.5)
  const after = await withSegments(url, 5)
  t.equal(after.sequence, before.sequence)
  t.equal(after.discontinuity, before.discontinuity)
  t.match(
    after.segments.map(({ isFirst }) => isFirst),
    [true, false, false, true, false],
  )
  t.ok((after.segments[2]?.seconds ?? 1) < 0.6, 'the last one of an epoch is short')
  const [one, other] = [after.segments[0], after.segments[3]].map((segment) => segment?.uri.split('/')[0])
  t.not(one, other)
})

t.test('the stream at / is /hls/live.m3u8', async (t) => {
  const server = await startServer(t, ['-hls', '-demo'])
  t.match(await (await fetch(`${server.url}/hls/radio/live.m3u8`)).text(), /^there is no stream with HLS/)
  t.match(await (await fetch(`${server.url}/hls/live.m3u8`)).text(), /^HLS has no segments of samples/)
})

t.test('samples are refused with what would be right, which is logged once', async (t) => {
  const wav = ['[/wav]', 'demo', 'hls', '[/raw]', 'exec yes', 'frame-filter raw', 'hls']
  const server = await startHls(t, SECOND, wav)
  for (let i = 0; i < 2; i++) {
    const response = await fetch(`${server.url}/hls/wav/live.m3u8`)
    t.equal(response.status, 404)
    t.equal(response.headers.get('cache-control'), 'public, max-age=1')
    t.match(await response.text(), /^HLS has no segments of samples; an encoder .*\n$/)
    const raw = await fetch(`${server.url}/hls/raw/live.m3u8`)
    t.match(await raw.text(), /^HLS needs frames of a known duration.*\n$/)
  }
  t.equal(server.count(/HLS not available stream=\/wav/), 1)
  t.equal(server.count(/HLS not available stream=\/raw/), 1)
})

t.test('a stream without HLS has none, until a reload brings it, and after one that ends it', async (t) => {
  const server = await startHls(t, [])
  const url = `${server.url}/hls/radio/live.m3u8`
  t.equal((await fetch(url)).status, 404)
  await server.rewrite(SECOND)
  server.give(3.5)
  const { segments } = await withSegments(url, 3)
  await server.rewrite(['hls', 'hls-segment 2s'])
  server.give(5)
  const longer = await playlistWith(url, (playlist) => playlist.segments.some(({ seconds }) => seconds > 1.9))
  t.match(longer.text, '#EXT-X-TARGETDURATION:2\n')
  await server.rewrite([])
  t.equal((await fetch(url)).status, 404)
  t.equal((await fetch(new URL(segments[0]?.uri ?? '', url))).status, 404)
  t.equal((await fetch(`${server.url}/radio`, { method: 'HEAD' })).status, 200)
})

t.test('a stream that replaces another one continues its playlist', async (t) => {
  const server = await startHls(t, SECOND)
  const url = `${server.url}/hls/radio/live.m3u8`
  server.give(3.5)
  const before = await withSegments(url, 3)
  // The FIFO has a reader while one stream takes the place of the other.
  const held = openSync(server.fifo, 'r+')
  t.teardown(() => closeSync(held))
  await server.rewrite([...SECOND, 'source-buffer 500'])
  await fetch(`${server.url}/hls/radio/live.m3u8`)
  await server.loggedTimes(/source opened/, 2)
  server.give(3.5)
  const after = await playlistWith(url, ({ segments }) => segments.filter(({ isFirst }) => isFirst).length === 2)
  t.equal(after.sequence, before.sequence)
  t.strictSame(after.segments.slice(0, 3), before.segments)
})

t.test('an audience of HLS keeps the source open, which closes without it', async (t) => {
  const server = await startHls(t, [...SECOND, 'close-idle'])
  const url = `${server.url}/hls/radio/live.m3u8`
  server.give(2.5)
  await withSegments(url, 2)
  t.equal(server.count(/source closed/), 0)
  await server.logged(/source closed .*reason="no listeners"/)
})

t.test('paths and numbers that do not exist are 404, and open nothing', async (t) => {
  const server = await startHls(t, SECOND)
  const names = [
    '/hls/',
    '/hls/radio',
    '/hls/radio/',
    '/hls//live.m3u8',
    '/hls/../live.m3u8',
    '/hls/radio/../radio/live.m3u8',
    '/hls/radio/%2e%2e/live.m3u8',
    '/hls/radio/main.m3u8',
    '/hls/radio/live.m3u8/live.m3u8',
    '/hls/radio/0123456789ab/1.mp3',
    '/hls/radio/0123456789ab/-1.mp3',
    '/hls/radio/0123456789ab/1e3.mp3',
    '/hls/radio/0123456789ab/99999999999999999999999999.mp3',
    '/hls/radio/0123456789ab/__proto__.mp3',
    '/hls/radio/constructor/1.mp3',
    '/hls/radio/0123456789ab/1.mp3/',
    '/hls/radio/0123456789ab/init.mp4',
    '/hls/radio/0123456789ab/1.exe',
    `/hls/${'a/'.repeat(3000)}live.m3u8`,
  ]
  for (const name of names) {
    const response = await rawGet(server.port, name)
    t.match(response, /^HTTP\/1\.1 404 /, name.slice(0, 80))
    t.match(response, 'Access-Control-Allow-Origin: *')
  }
  t.equal(server.count(/source/), 0)
})

t.test('clients and their bytes are shown apart', async (t) => {
  const server = await startHls(t, SECOND)
  server.give(2.5)
  const url = `${server.url}/hls/radio/live.m3u8`
  const { text } = await withSegments(url, 2)
  await fetch(url, { headers: { 'User-Agent': 'another one' } })
  const statusOf = async () => {
    const { streams } = (await (await fetch(`${server.url}/status.json`)).json()) as {
      streams: { hls: { listeners: number; requests: number; bytesOut: number } | null; listeners: number }[]
    }
    return streams[0]
  }
  const status = await statusOf()
  t.match(status, { listeners: 0, hls: { listeners: 2 } })
  t.ok((status?.hls?.requests ?? 0) >= 2)
  t.ok((status?.hls?.bytesOut ?? 0) >= 2 * text.length)
  const metrics = await (await fetch(`${server.url}/metrics`)).text()
  t.match(metrics, /^streamserve_hls_listeners\{stream="\/radio"\} 2$/m)
  t.match(metrics, /^streamserve_hls_requests_total\{stream="\/radio"\} \d+$/m)
  t.match(metrics, /^streamserve_hls_bytes_sent_total\{stream="\/radio"\} \d+$/m)
  await until('the clients have gone', async () => (await statusOf())?.hls?.listeners === 0)
})

/** Sends a path as it is. */
async function rawGet(port: number, path: string): Promise<string> {
  const { connect } = await import('node:net')
  const socket = connect(port, '127.0.0.1')
  socket.end(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
  let text = ''
  for await (const chunk of socket.setEncoding('latin1')) text += String(chunk)
  return text
}
