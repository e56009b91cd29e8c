/** Servers that are good, strange or broken, as a probe finds them. */
import t from 'tap'
import { mpegFrames } from '../filters/made-up.ts'
import { createManualClock } from '../manual-clock.ts'
import { until } from '../processes.ts'
import { byPath, ends, ok, startUpstream } from '../source/relay/upstream.ts'
import { probed, sounds } from './probed.ts'
import { faultsOf, remarksOf } from './received.ts'

const MP3_FIELD = 'Content-Type: audio/mpeg\r\n'
const IS_MP3 = ok(MP3_FIELD)

t.test('reports how a server describes its stream', async (t) => {
  const fields =
    'Server: Icecast 2.4.4\r\nicy-name: Caf\xe9\r\nicy-genre: Jazz\r\nice-description: D\r\nicy-br: 128\r\n'
  const { url } = await startUpstream(t, sounds(ok(MP3_FIELD + fields)))
  const report = await probed(`${url}/live`)
  t.equal(report.verdict, 'good')
  t.match(report.summary, /^good: MP3, 128 kbit\/s, 44\.1 kHz, stereo; first frame after \d+ ms$/)
  t.strictSame(report.server, {
    address: `${url}/live`,
    status: 200,
    server: 'Icecast 2.4.4',
    contentType: 'audio/mpeg',
    contentLength: undefined,
    name: 'Café',
    description: 'D',
    genre: 'Jazz',
    icyBitRateKbps: 128,
  })
  const { connectMs = -1, answerMs = -1, firstByteMs = 0, firstFrameMs = 0 } = report.times
  t.ok(connectMs >= 0 && answerMs >= 0 && connectMs + answerMs <= firstByteMs && firstByteMs <= firstFrameMs)
  t.ok((report.received?.listenedMs ?? 0) >= 390)
})

t.test('reads SHOUTcast with its titles, and sends the user and the password', async (t) => {
  const frames = Buffer.concat(mpegFrames(20, 1))
  const title = Buffer.from("StreamTitle='A - B';".padEnd(32, '\0'), 'latin1')
  const upstream = await startUpstream(t, (socket) => {
    socket.write('ICY 200 OK\r\nicy-metaint:4000\r\nicy-br:320\r\nContent-Type:audio/mpeg\r\n\r\n')
    socket.write(Buffer.concat([frames.subarray(0, 4000), Buffer.from([2]), title, frames.subarray(4000, 8000)]))
  })
  const report = await probed(`${upstream.url.replace('//', '//a:b@')}/`)
  t.strictSame([faultsOf(report), remarksOf(report)], [[], ['icyBitRate']])
  t.strictSame(
    report.titles.map((news) => news.title),
    ['A - B'],
  )
  t.match(upstream.requests[0], /\r\nIcy-MetaData: 1\r\n[^]*Authorization: Basic YTpi\r\n/)
  t.notOk(JSON.stringify(report).includes('a:b'), 'the password is not reported')
})

t.test('follows redirects and playlists', async (t) => {
  const { url } = await startUpstream(t, (socket, path) => {
    if (path === '/') return ends('HTTP/1.1 302 Found\r\nLocation: /list\r\n\r\n')(socket, path, '')
    if (path === '/list') return ends(ok('Content-Type: audio/x-mpegurl\r\n') + '#EXTM3U\nlive\n')(socket, path, '')
    sounds(IS_MP3)(socket)
  })
  const report = await probed(url)
  t.equal(report.exitCode, 0)
  t.strictSame([report.url, report.server?.address, report.redirects], [`${url}/`, `${url}/live`, 2])
})

t.test('says why nothing is heard, and what to do', async (t) => {
  const upstream = await startUpstream(
    t,
    byPath({
      '/private': 'HTTP/1.0 401 Unauthorized\r\n\r\n',
      '/full': 'HTTP/1.0 503 Service Unavailable\r\n\r\n',
      '/teapot': "HTTP/1.0 418 I'm a teapot\r\n\r\n",
      '/page': `${ok('Content-Type: text/html\r\n')}<html>hello`,
      '/empty': IS_MP3,
      '/hls': `${ok('Content-Type: application/vnd.apple.mpegurl\r\n')}#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:6,\na.ts\n`,
      '/loop': 'HTTP/1.0 302 Found\r\nLocation: /loop\r\n\r\n',
      '/other': 'SSH-2.0-OpenSSH_9.2p1\r\n',
    }),
  )
  const reasons: Readonly<Record<string, string | RegExp>> = {
    '/nothing': '404 Not Found; check the path; many servers answer so while a stream is off the air',
    '/private': '401 Unauthorized; write the user and the password into the address: http://USER:PASSWORD@HOST/PATH',
    '/full': '503 Service Unavailable; the server has no sound for this path, or too many listeners',
    '/teapot': "418 I'm a teapot",
    '/page': 'sends a page (text/html) in place of sound',
    '/empty': 'no bytes',
    '/hls':
      'a playlist of HLS, whose sound is in files; give the address of an endless stream, or let ffmpeg read the playlist (ffmpeg -i URL -f null -)',
    '/loop': 'more than 5 redirects',
    '/other': 'the answer is not HTTP',
  }
  for (const [path, reason] of Object.entries(reasons)) {
    const { summary, exitCode } = await probed(upstream.url + path)
    t.strictSame([exitCode, summary], [2, `nothing to hear: ${upstream.url}${path}: ${reason}`])
  }
  const { server, redirects } = await probed(`${upstream.url}/full`)
  t.strictSame([server?.status, redirects], [503, 0])
})

t.test('says what is wrong with an address that cannot be reached', async (t) => {
  const free = await startUpstream(t, ends(''))
  t.equal((await probed(`${free.url}/`)).summary, `nothing to hear: ${free.url}/: connection closed before an answer`)
  t.match(
    (await probed('http://radio.invalid/')).summary,
    /^nothing to hear: http:\/\/radio\.invalid\/: name not found/,
  )
  t.equal(
    (await probed('http://127.0.0.1:1/')).summary,
    'nothing to hear: http://127.0.0.1:1/: connection refused; start the server, or check the host and the port',
  )
})

/** What a server sends, the number of the timer that limits what is missing, and its name. */
const SLOW: readonly (readonly [sent: string, timer: number, missing: string, scheme?: string])[] = [
  ['', 2, 'no answer', 'https'],
  ['', 3, 'no answer'],
  [IS_MP3, 4, 'no bytes'],
  [`${IS_MP3}#EXTM3U\nhttp://127.0.0.1/`, 5, 'no end of the playlist'],
]
for (const [sent, timer, missing, scheme = 'http'] of SLOW) {
  t.test(`a server from which there is ${missing} has ten seconds (${scheme})`, async (t) => {
    const manual = createManualClock()
    let timers = 0
    const after = (ms: number, then: () => void) => {
      timers++
      return manual.after(ms, then)
    }
    const upstream = await startUpstream(t, (socket) => socket.write(sent))
    const url = upstream.url.replace('http', scheme)
    const report = probed(url, { clock: { now: () => manual.now(), after } })
    await until('the time is limited', () => timers === timer)
    await manual.advance(10_000)
    t.equal((await report).summary, `nothing to hear: ${url}/: ${missing} within 10 s`)
  })
}

t.test('an end of the stream is a fault, and a file is named as such', async (t) => {
  const sound = Buffer.concat(mpegFrames(40, 1))
  const live = await startUpstream(t, ends(Buffer.concat([Buffer.from(IS_MP3), sound])))
  const lost = await startUpstream(
    t,
    ends(Buffer.concat([Buffer.from(ok(`${MP3_FIELD}Content-Length: 99999\r\n`)), sound])),
  )
  const file = await startUpstream(t, (socket) =>
    socket.end(Buffer.concat([Buffer.from(ok(`${MP3_FIELD}Content-Length: ${sound.length}\r\n`)), sound])),
  )
  t.match((await probed(live.url)).summary, /^faulty: ended by the server after \d+ ms of 400 ms \(MP3/)
  t.match((await probed(lost.url)).summary, /^faulty: ended by the server after \d+ ms of 400 ms \(connection lost\)/)
  t.match((await probed(file.url)).summary, /; it is a file with 1\.0 s of sound \(MP3/)
})

t.test('a server that sends much faster than real time is left early', async (t) => {
  const minute = Buffer.concat(mpegFrames(2_300, 1))
  const { url } = await startUpstream(t, (socket) => {
    socket.write(IS_MP3)
    const more = () => socket.destroyed || socket.write(minute, more)
    more()
  })
  const report = await probed(url, { listenMs: 60_000 })
  t.strictSame([report.exitCode, remarksOf(report)], [0, ['fast']])
})

t.test('an interruption ends it with a report of what was received', async (t) => {
  const interruption = new AbortController()
  const { url } = await startUpstream(t, (socket) => {
    sounds(IS_MP3)(socket)
    setTimeout(() => interruption.abort(), 200)
  })
  const report = await probed(url, { listenMs: 60_000, interruption: interruption.signal })
  t.strictSame([report.exitCode, remarksOf(report)], [0, ['interrupted']])
  const silent = new AbortController()
  const mute = await startUpstream(t, () => silent.abort())
  t.equal(
    (await probed(mute.url, { interruption: silent.signal })).summary,
    `nothing to hear: ${mute.url}/: no answer when it was interrupted`,
  )
})
