import t from 'tap'
import type { SentNews } from '../../../src/endpoints/player/player-news.ts'
import { connectTo, listen } from '../../client.ts'
import { numberBytes, numbers, numbersIn } from '../../feeders.ts'
import { makeFifo, openWriter } from '../../fifos.ts'
import { needs } from '../../programs.ts'
import { type Server, startServer } from '../../streamserve.ts'

const BROWSER = 'text/html,application/xhtml+xml,*/*;q=0.8'
const SAMPLES = ['-pcm', 'cd', '-exec', ...numbers()]
const TONE = 'ffmpeg -v error -nostdin -re -f lavfi -i sine=frequency=440 -b:a 128k -f mp3 -'

/** Requests an address as a browser does. */
function open({ url }: Server, path = '/'): Promise<Response> {
  return fetch(url + path, { headers: { accept: BROWSER } })
}

async function policyOf(server: Server, path: string): Promise<string | null> {
  return (await open(server, path)).headers.get('content-security-policy')
}

/** Returns whether a path leads a browser to a page. A stream at the path is disconnected. */
async function isPage({ url }: Server, path: string): Promise<boolean> {
  const leave = new AbortController()
  const { headers } = await fetch(url + path, { headers: { accept: BROWSER }, signal: leave.signal })
  leave.abort()
  return headers.get('content-type')?.startsWith('text/html') ?? false
}

/** Text of an attribute or an element of the page. */
function said(html: string, pattern: RegExp): string {
  const [, text = ''] = pattern.exec(html) ?? []
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
}

/** The next news of a stream that satisfy a condition. */
async function newsOf({ url }: Server, path: string, is: (news: SentNews) => boolean): Promise<SentNews> {
  const leave = new AbortController()
  const { body, headers } = await fetch(`${url}${path}?events`, { signal: leave.signal })
  t.match(headers.get('content-type'), 'text/event-stream')
  let text = ''
  for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk
    const events = text.split('\n\n').slice(0, -1)
    const found = events.map((event) => JSON.parse(event.replace('data: ', '')) as SentNews).find(is)
    if (found === undefined) continue
    leave.abort()
    return found
  }
  throw new Error(`no such news:\n${text}`)
}

t.test('sends a browser that opens the address of sound a page with a player', async (t) => {
  const server = await startServer(t, SAMPLES)
  const page = await open(server)
  const html = await page.text()
  t.equal(page.status, 200)
  t.match(page.headers.get('vary'), 'Accept')
  t.equal(said(html, /data-sound="([^"]*)"/), './?wav')
  t.equal(server.count(/listener connected|source opened/), 0, 'the page itself is no listener')
  const own = await (await open(server, '/player/')).text()
  t.equal(own.replaceAll('"../', '"./'), html, 'so it is under a path of its own')
  t.equal((await open(server, '/player')).url, `${server.url}/player/`)
})

t.test('allows content of this server only in a page', async (t) => {
  const server = await startServer(t, SAMPLES)
  const page = await open(server)
  const policy = page.headers.get('content-security-policy')
  for (const rule of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'none'"]) {
    t.match(policy, rule)
  }
  t.match(page.headers.get('permissions-policy'), 'microphone=()')
  t.match(Object.fromEntries(page.headers), { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
  t.notMatch(
    await page.text(),
    /<style| style=| on\w+=|<script>|https?:(?!\/\/127)/,
    'nothing inline, nothing elsewhere',
  )
})

t.test('allows other sites to show the player in a frame, but no other page', async (t) => {
  const server = await startServer(t, ['-talk', ...SAMPLES])
  t.notMatch(await policyOf(server, '/'), 'frame-ancestors')
  for (const path of ['/status', '/talk', '/live/kitchen', '/assets/player.js', '/live.m3u']) {
    t.match(await policyOf(server, path), "frame-ancestors 'none'", path)
  }
  const own = await startServer(t, ['-frame-ancestors', 'self https://*.radio.example', ...SAMPLES])
  t.match(await policyOf(own, '/'), "frame-ancestors 'self' https://*.radio.example")
})

t.test('sends no page for what a browser requests by name', async (t) => {
  const server = await startServer(t, SAMPLES)
  for (const query of ['wav', 'raw', 'burst=1s', 'at=0', 'ago=1m']) t.notOk(await isPage(server, `/?${query}`), query)
})

t.test('has a page for a stream that may be sound before its source was opened', async (t) => {
  const server = await startServer(t, ['-exec', ...numbers()])
  t.equal(said(await (await open(server)).text(), /data-sound="([^"]*)"/), './')
})

t.test('escapes names with HTML, percent signs and quotes, which lead to their stream', async (t) => {
  const directory = t.testdir()
  const server = await startServer(t, ['-pcm', 'cd', '-path', directory])
  const names = [
    '<img src=x onerror=alert(1)>',
    `"quoted' & more`,
    '100%25',
    '%41',
    'Zürich ♫',
    'a b+c?d#e',
    '&lt;',
    '{{name}}',
  ]
  for (const name of names) {
    const fifo = makeFifo(directory, name)
    const html = await (await open(server, `/player/${encodeURIComponent(name)}`)).text()
    t.notMatch(html, /<img src=x|alert\(1\)">/)
    t.equal(said(html, /<h1>(.*)<\/h1>/), name)
    const sound = listen(t, server.port, said(html, /data-sound="\.\.([^"]*)"/))
    const writer = openWriter(t, fifo)
    writer.write(numberBytes(0, 64))
    t.ok((await sound.bodyHas(300)).subarray(44, 300).equals(numberBytes(0, 64)), name)
    const news = await newsOf(server, said(html, /data-events="\.\.([^"]*)\?events"/), () => true)
    t.equal(news.state, 'live', name)
  }
})

t.test('reports in the page that there is no stream, and waits for one', async (t) => {
  const directory = t.testdir()
  const server = await startServer(t, ['-pcm', 'cd', '-path', directory])
  t.equal((await open(server, '/player/late')).status, 404)
  const came = newsOf(server, '/player/late', ({ state }) => state !== 'absent')
  t.equal((await newsOf(server, '/player/late', () => true)).state, 'absent')
  makeFifo(directory, 'late')
  t.equal((await came).state, 'idle')
})

t.test('sends the page what plays, and the frame at which to start', { skip: needs('ffmpeg') }, async (t) => {
  const titleFile = t.testdir({ title: 'A Song' })
  const server = await startServer(t, ['-title-file', `${titleFile}/title`, '-warm', '-exec', TONE])
  const news = await newsOf(server, '/player/', ({ time }) => (time?.start.at ?? 0) > 500)
  t.match(news, { state: 'live', format: 'MP3, 128 kbit/s, 44.1 kHz, mono', contentType: 'audio/mpeg' })
  t.match(news, { title: { text: 'A Song' } })
  const { newest = 0, start = { frame: 0, at: 0 }, frameMs = 0, burstMs = 0 } = news.time ?? {}
  t.ok(Math.abs(frameMs - 1152 / 44.1) < 0.01, `a frame is ${frameMs} ms`)
  t.ok(Math.abs(burstMs - 2048) < 30, `32 KiB are ${burstMs} ms`)
  t.ok(newest - start.at >= burstMs - 1 && newest - start.at < burstMs + 2 * frameMs)
})

t.test('sends the page how far back listeners can go, and the titles on the way', async (t) => {
  const titleFile = t.testdir({ title: 'A Song' })
  const server = await startServer(t, ['-rewind', '1h', '-title-file', `${titleFile}/title`, '-warm', ...SAMPLES])
  const { rewind } = await newsOf(server, '/player/', (news) => (news.rewind?.titles?.length ?? 0) > 0)
  t.match(rewind?.titles, [{ text: 'A Song' }])
  const agoMs = rewind?.titles?.[0]?.agoMs ?? -1
  t.ok(agoMs >= 0 && agoMs <= (rewind?.reachMs ?? 0), `${agoMs} ms ago`)
  const later = await newsOf(
    server,
    '/player/',
    (news) => news.rewind !== undefined && news.rewind.titles === undefined,
  )
  t.ok((later.rewind?.reachMs ?? 0) > 0, 'titles are not sent again')
  const other = await startServer(t, ['-warm', ...SAMPLES])
  const { rewind: none } = await newsOf(other, '/player/', ({ time }) => time !== undefined)
  t.equal(none, undefined)
})

t.test('links to the stream in playlists for other players', async (t) => {
  const directory = t.testdir()
  makeFifo(directory, 'a b')
  const server = await startServer(t, ['-pcm', 'cd', '-name', 'Night Radio', '-path', directory])
  const html = await (await open(server, '/player/a%20b')).text()
  const url = `${server.url}/a%20b?wav`
  t.equal(said(html, /id="address">([^<]*)</), url)
  const m3u = await fetch(server.url + said(html, /href="\.\.([^"]*\.m3u)"/))
  t.match(m3u.headers.get('content-type'), 'audio/x-mpegurl')
  t.equal(await m3u.text(), `#EXTM3U\n#EXTINF:-1,Night Radio – a b\n${url}\n`)
  const pls = await (await fetch(server.url + said(html, /href="\.\.([^"]*\.pls)"/))).text()
  t.match(pls, `\nFile1=${url}\nTitle1=Night Radio – a b\n`)
  makeFifo(directory, 'a b.m3u')
  t.ok(await isPage(server, '/a%20b.m3u'), 'a stream of that name comes first')
})

t.test('has playlists for the stream without a name, too', async (t) => {
  const server = await startServer(t, SAMPLES)
  t.match(await (await fetch(`${server.url}/live.m3u`)).text(), `\n${server.url}/?wav\n`)
  t.equal((await fetch(`${server.url}/other.m3u`)).status, 404)
})

t.test('starts a listener at the frame that the page has received', async (t) => {
  const server = await startServer(t, ['-warm', ...SAMPLES])
  // A request for a frame that does not exist yet starts at the newest one.
  const { time } = await newsOf(server, '/player/', ({ time }) => {
    return time !== undefined && time.newest - time.start.at > 11 * time.frameMs
  })
  const { frame = 0 } = time?.start ?? {}
  const firstOf = async (at: number) => {
    const [first = 0] = numbersIn((await listen(t, server.port, `/?raw&at=${at}`).bodyHas(4)).subarray(0, 4))
    return first
  }
  const from = await firstOf(frame)
  t.equal((await firstOf(frame + 10)) - from, Math.round(10 * (time?.frameMs ?? 0) * 44.1))
  t.equal(await firstOf(frame), from, 'always')
  t.equal((await fetch(`${server.url}/?at=x`)).status, 400)
})

t.test('responds to HEAD of the event stream with its head', async (t) => {
  const server = await startServer(t, SAMPLES)
  const { headers } = await fetch(`${server.url}/player/?events`, { method: 'HEAD' })
  t.match(headers.get('content-type'), 'text/event-stream')
  const client = connectTo(t, server.port, 'HEAD /player/?events HTTP/1.1\r\nHost: x\r\n\r\n')
  t.equal((await client.closed).length, 0, 'and that is all')
})
