/** Answers of other servers, as a source sees them. */
import type { Socket } from 'node:net'
import t from 'tap'
import { until } from '../../processes.ts'
import { byPath, ends, ok, readOpening, relayOf, startUpstream } from './upstream.ts'

const SOUND = 'sound '.repeat(10)

const SAME_BODY: Readonly<Record<string, string>> = {
  'the status line of SHOUTcast': `ICY 200 OK\r\nicy-notice1:<BR>x="y"<BR>\r\nicy-name:Radio\r\n\r\n${SOUND}`,
  'lines that end in LF only': `ICY 200 OK\nicy-name:Radio\ncontent-type:audio/mpeg\n\n${SOUND}`,
  'no status line': `icy-name:Radio\r\ncontent-type:audio/mpeg\r\n\r\n${SOUND}`,
  'HTTP/1.0': `HTTP/1.0 200 OK\r\nIce-Name: Radio\r\n\r\n${SOUND}`,
  'a chunked body': `HTTP/1.1 200 OK\r\nicy-name: Radio\r\nTransfer-Encoding: chunked\r\n\r\n${'6\r\nsound \r\n'.repeat(10)}0\r\n\r\n`,
  'a length': `HTTP/1.1 200 OK\r\nicy-name: Radio\r\nContent-Length: ${SOUND.length}\r\n\r\n${SOUND}and more`,
}
for (const [what, answer] of Object.entries(SAME_BODY)) {
  t.test(`reads an answer with ${what}`, async (t) => {
    const upstream = await startUpstream(t, ends(answer))
    const { text, connection } = await readOpening(relayOf([`${upstream.url}/live`]))
    t.equal(text, SOUND)
    t.match(connection.peer, { kind: 'relay', name: `${upstream.url}/live`, about: { name: 'Radio' } })
  })
}

/** Sends bytes one by one, and ends. */
function trickle(socket: Socket, bytes: Buffer): void {
  if (bytes.length === 0) socket.end()
  else socket.write(bytes.subarray(0, 1), () => trickle(socket, bytes.subarray(1)))
}

t.test('reads an answer that arrives byte by byte', async (t) => {
  const block = "\u0002StreamTitle='a title to read';\0\0"
  const answer = `ICY 200 OK\r\nicy-metaint:50\r\n\r\n${SOUND.slice(0, 50)}${block}end`
  const upstream = await startUpstream(t, (socket) => trickle(socket.setNoDelay(true), Buffer.from(answer)))
  const { text, titles } = await readOpening(relayOf([upstream.url]))
  t.equal(text, `${SOUND.slice(0, 50)}end`)
  t.strictSame(titles, [[50, 'a title to read']])
})

t.test('requests titles, and neither compression nor a kept connection', async (t) => {
  const upstream = await startUpstream(t, ends(`${ok()}${SOUND}`))
  await readOpening(relayOf([`http://me:se%3Ac%20ret@127.0.0.1:${upstream.port}/a/b?c=d`]))
  const [head = ''] = upstream.requests
  t.match(head, /^GET \/a\/b\?c=d HTTP\/1\.1\r\n/)
  t.match(head, new RegExp(`\r\nHost: 127\\.0\\.0\\.1:${upstream.port}\r\n`))
  t.match(head, /\r\nUser-Agent: streamserve\/\d+\.\d+\.\d+\S*\r\n/)
  t.match(head, /\r\nIcy-MetaData: 1\r\n/)
  t.match(head, /\r\nAccept-Encoding: identity\r\n/)
  t.match(head, /\r\nConnection: close\r\n/)
  t.match(head, `\r\nAuthorization: Basic ${Buffer.from('me:se:c ret').toString('base64')}\r\n`)
})

t.test('shows an address without its password', async (t) => {
  const source = relayOf(['http://me:secret@radio.example/x?token=secret', 'http://other.example/'])
  t.equal(source.label, 'relay http://me@radio.example/x?token=*** http://other.example/')
})

t.test('describes the stream by its fields, in any encoding', async (t) => {
  const fields = [
    'icy-name: Caf\xe9',
    `icy-description: ${Buffer.from('Köln').toString('latin1')}`,
    'ice-genre: Jazz',
    'icy-url: https://radio.example/',
    'Content-Type: audio/mpeg',
  ]
  const upstream = await startUpstream(t, ends(`${ok(fields.map((field) => `${field}\r\n`).join(''))}${SOUND}`))
  const { connection } = await readOpening(relayOf([upstream.url]))
  t.strictSame(connection.peer, {
    kind: 'relay',
    name: `${upstream.url}/`,
    about: { name: 'Café', description: 'Köln', genre: 'Jazz', url: 'https://radio.example/' },
    contentType: 'audio/mpeg',
  })
})

t.test('neither links to a script nor sends on the media type of a page', async (t) => {
  const fields = "icy-url: javascript:alert('x')\r\nContent-Type: image/svg+xml\r\n"
  const upstream = await startUpstream(t, ends(`${ok(fields)}${SOUND}`))
  const { connection } = await readOpening(relayOf([upstream.url]))
  t.equal(connection.peer?.about?.url, undefined)
  t.equal(connection.peer?.contentType, undefined)
})

for (const interval of ['0', 'x', '-5', '99999999999999', '']) {
  t.test(`reads an answer with the interval of titles ${JSON.stringify(interval)} as it is`, async (t) => {
    const upstream = await startUpstream(t, ends(`${ok(`icy-metaint: ${interval}\r\n`)}${SOUND}`))
    t.equal((await readOpening(relayOf([upstream.url]))).text, SOUND)
  })
}

t.test('an interval of titles that is wrong ends in silence, not in an error', async (t) => {
  const upstream = await startUpstream(t, ends(`${ok('icy-metaint: 20\r\n')}${'\xff'.repeat(1_000)}`))
  const { text, titles } = await readOpening(relayOf([upstream.url]))
  t.equal(text, '\xff'.repeat(20))
  t.strictSame(titles, [])
})

t.test('a connection that is lost in the middle is a failure', async (t) => {
  const upstream = await startUpstream(t, ends(`HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n${SOUND}`))
  await t.rejects(readOpening(relayOf([upstream.url])), {
    name: 'SourceError',
    message: 'connection lost',
  })
})

const HLS = '#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\na.ts\n'
const REFUSED: Readonly<Record<string, readonly [string, RegExp]>> = {
  'a status other than 200': ['HTTP/1.1 403 Geht\x1bnicht\r\n\r\nx', /: 403 Geht\\u001bnicht$/],
  'a status of SHOUTcast other than 200': ['ICY 401 Service Unavailable\r\n\r\n', /: 401 Service Unavailable$/],
  'a page': [`${ok('Content-Type: text/html; charset=utf-8\r\n')}<p>sold</p>`, /sends a page \(text\/html/],
  JSON: [`${ok('Content-Type: application/json\r\n')}{"error": "geo blocked"}`, /sends a page \(application\/json/],
  'compressed bytes': [`${ok('Content-Encoding: gzip\r\n')}${SOUND}`, /sends compressed bytes \(gzip\)/],
  'no bytes': [ok(), /: no bytes$/],
  'a line that is not HTTP': ['SSH-2.0-OpenSSH_9.2p1\r\n', /: the answer is not HTTP$/],
  'a change of the protocol': [
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nx',
    /: connection closed before an answer$/,
  ],
  'a long head': [`HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(20_000)}`, /: the head of the answer is too long$/],
  'nothing at all': ['', /: connection closed before an answer$/],
  'a playlist of HLS': [
    ok('Content-Type: application/vnd.apple.mpegurl\r\n') + HLS,
    /a playlist of HLS cannot be relayed; ffmpeg/,
  ],
  'a playlist of HLS without a media type': [ok() + HLS, /a playlist of HLS cannot be relayed; ffmpeg/],
  'an empty playlist': [`${ok()}[playlist]\r\nNumberOfEntries=0\r\n`, /: the playlist has no address of HTTP$/],
  'a redirect to another protocol': [
    'HTTP/1.1 302 Found\r\nLocation: ftp://x/\r\n\r\n',
    /leads to ftp:\/\/x\/, which is not/,
  ],
  'a redirect to a file': [
    'HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n',
    /which is not an address of HTTP/,
  ],
}
for (const [what, [answer, reason]] of Object.entries(REFUSED)) {
  t.test(`refuses ${what}, with the reason in one line`, async (t) => {
    const upstream = await startUpstream(t, ends(answer))
    const error = await readOpening(relayOf([`${upstream.url}/x`])).then(String, (refusal: Error) => refusal)
    t.match(error, { name: 'SourceError', message: reason })
    t.match((error as Error).message, new RegExp(`^${upstream.url}/x: [^\\n]*$`))
    await until('the connection is closed', () => upstream.sockets.size === 0)
  })
}

t.test('a port without a server and a name without an address are reasons', async (t) => {
  await t.rejects(relayOf(['http://127.0.0.1:1/']).open(new AbortController().signal), {
    message: 'http://127.0.0.1:1/: connection refused',
  })
  await t.rejects(relayOf(['http://me:secret@no-such-host.invalid/']).open(new AbortController().signal), {
    message: /^http:\/\/me@no-such-host\.invalid\/: name not found/,
  })
})

t.test('uses the next address when one fails, and begins with the first at the next opening', async (t) => {
  const upstream = await startUpstream(t, byPath({ '/two': `${ok()}two`, '/three': `${ok()}three` }))
  const source = relayOf(['http://127.0.0.1:1/', `${upstream.url}/one`, `${upstream.url}/two`, `${upstream.url}/three`])
  const { text, connection } = await readOpening(source)
  t.equal(text, 'two')
  t.equal(connection.peer?.name, `${upstream.url}/two`)
  await readOpening(source)
  t.strictSame(
    upstream.requests.map((head) => head.split(' ')[1]),
    ['/one', '/two', '/one', '/two'],
  )
})

t.test('names the reason of each address when all fail', async (t) => {
  const upstream = await startUpstream(t, byPath({}))
  await t.rejects(readOpening(relayOf([`${upstream.url}/a`, 'http://127.0.0.1:1/'])), {
    message: `${upstream.url}/a: 404 Not Found; http://127.0.0.1:1/: connection refused`,
  })
})
