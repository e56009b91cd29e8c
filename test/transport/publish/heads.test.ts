import t from 'tap'
import { connectTo } from '../../client.ts'
import { AUTHORIZATION as A, send, sendSingly, startWire } from './wire-server.ts'

/** The beginning of an MP3 stream, with all kinds of bytes in it. */
const SOUND = Buffer.concat([
  Buffer.from([0xff, 0xfb, 0x90, 0x44]),
  Buffer.from(Array.from({ length: 512 }, (_, at) => at & 0xff)),
])
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n'

/** One client's form, as it was recorded. */
interface Form {
  readonly head: string
  /** Bytes that the server sends before the sound. */
  readonly answer: string
  /** How the client sends its sound; undefined: as it is. */
  readonly wire?: (sound: Buffer) => Buffer
  readonly agent: string | undefined
  readonly name: string | undefined
  readonly contentType: string | undefined
  readonly audioInfo?: string
  readonly user?: string
}

const ICY = 'OK2\r\nicy-caps:11\r\n\r\n'

/** @param size of each chunk, in capitals */
function chunked(sound: Buffer, size = 200): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; at < sound.length; at += size) {
    const part = sound.subarray(at, at + size)
    parts.push(Buffer.from(`${part.length.toString(16).toUpperCase()}\r\n`), part, Buffer.from('\r\n'))
  }
  return Buffer.concat(parts)
}

const DESCRIBED = 'ice-public: 0\r\nice-name: Nämé\r\nice-genre: Test\r\nice-description: D\r\nice-url: http://x/\r\n'

const FORMS: Readonly<Record<string, Form>> = {
  'ffmpeg PUT': {
    head: `PUT /m HTTP/1.1\r\nUser-Agent: Lavf/59.27.100\r\nAccept: */*\r\nExpect: 100-continue\r\nConnection: close\r\nHost: 127.0.0.1:8000\r\nContent-Type: audio/mpeg\r\nIcy-MetaData: 1\r\nIce-Name: Nämé\r\nIce-Description: D\r\nIce-URL: http://x/\r\nIce-Genre: Test\r\nIce-Public: 0\r\n${A}\r\n`,
    answer: CONTINUE,
    agent: 'Lavf/59.27.100',
    name: 'Nämé',
    contentType: 'audio/mpeg',
  },
  'ffmpeg SOURCE': {
    head: `SOURCE /m HTTP/1.1\r\nUser-Agent: Lavf/59.27.100\r\nAccept: */*\r\nConnection: close\r\nHost: 127.0.0.1:8000\r\nContent-Type: audio/mpeg\r\nIcy-MetaData: 1\r\nIce-Name: Nämé\r\nIce-Public: 0\r\n${A}\r\n`,
    answer: 'HTTP/1.1 200 OK\r\n\r\n',
    agent: 'Lavf/59.27.100',
    name: 'Nämé',
    contentType: 'audio/mpeg',
  },
  'libshout SOURCE': {
    head: `SOURCE /m HTTP/1.0\r\n${A}Host: 127.0.0.1:8000\r\nUser-Agent: libshout/2.4.6\r\nContent-Type: audio/mpeg\r\n${DESCRIBED}ice-audio-info: bitrate=128;channels=2;quality=3%2e00;samplerate=44100\r\n\r\n`,
    answer: 'HTTP/1.0 200 OK\r\n\r\n',
    agent: 'libshout/2.4.6',
    name: 'Nämé',
    contentType: 'audio/mpeg',
    audioInfo: 'bitrate=128;channels=2;quality=3.00;samplerate=44100',
  },
  'libshout PUT': {
    head: `PUT /m HTTP/1.1\r\n${A}Host: 127.0.0.1:8000\r\nUser-Agent: libshout/2.4.6\r\nContent-Type: audio/mpeg\r\nExpect: 100-continue\r\n${DESCRIBED}\r\n`,
    answer: CONTINUE,
    agent: 'libshout/2.4.6',
    name: 'Nämé',
    contentType: 'audio/mpeg',
  },
  'liquidsoap SOURCE': {
    head: `SOURCE /m HTTP/1.0\r\nice-url: http://x/\r\nice-name: Nämé\r\n${A}ice-description: D\r\nice-public: 1\r\nUser-Agent: Liquidsoap/2.1.3 (Unix; OCaml 4.13.1)\r\nice-genre: Test\r\nice-audio-info: \r\nContent-Type: audio/ogg\r\n\r\n`,
    answer: 'HTTP/1.0 200 OK\r\n\r\n',
    agent: 'Liquidsoap/2.1.3 (Unix; OCaml 4.13.1)',
    name: 'Nämé',
    contentType: 'audio/ogg',
  },
  'liquidsoap PUT in HTTP/1.0': {
    head: `PUT /m HTTP/1.0\r\nice-name: Nämé\r\nExpect: 100-continue\r\n${A}User-Agent: Liquidsoap\r\nContent-Type: audio/mpeg\r\n\r\n`,
    answer: CONTINUE,
    agent: 'Liquidsoap',
    name: 'Nämé',
    contentType: 'audio/mpeg',
  },
  'liquidsoap PUT with chunks and an empty Host': {
    head: `PUT /m HTTP/1.1\r\nice-name: Nämé\r\nTransfer-Encoding: chunked\r\nHost:\r\nExpect: 100-continue\r\n${A}User-Agent: Liquidsoap\r\nContent-Type: audio/mpeg\r\n\r\n`,
    answer: CONTINUE,
    wire: chunked,
    agent: 'Liquidsoap',
    name: 'Nämé',
    contentType: 'audio/mpeg',
  },
  'DarkIce, with bare line feeds': {
    head: `SOURCE /m HTTP/1.0\nContent-type: audio/mpeg\n${A.replace('\r', '')}User-Agent: DarkIce/1.3 (http://code.google.com/p/darkice/)\nice-bitrate: 128\nice-public: 0\nice-name: N\nice-description: D\nice-url: http://x/\nice-genre: G\r\n\r\n`,
    answer: 'HTTP/1.0 200 OK\r\n\r\n',
    agent: 'DarkIce/1.3 (http://code.google.com/p/darkice/)',
    name: 'N',
    contentType: 'audio/mpeg',
    audioInfo: 'bitrate=128',
  },
  butt: {
    head: `PUT /m HTTP/1.1\r\n${A}Host: 127.0.0.1:8000\r\nUser-Agent: butt 0.1.37\r\nContent-Type: audio/mpeg\r\nice-name: (null)\r\nice-public: 0\r\nice-url: (null)\r\nice-genre: (null)\r\nice-description: (null)\r\nice-audio-info: ice-bitrate=128;ice-channels=2;ice-samplerate=44100\r\nExpect: 100-continue\r\n\r\n`,
    answer: CONTINUE,
    agent: 'butt 0.1.37',
    name: undefined,
    contentType: 'audio/mpeg',
    audioInfo: 'bitrate=128;channels=2;samplerate=44100',
  },
  'curl with chunks': {
    head: `PUT /m HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n${A}User-Agent: curl/7.88.1\r\nAccept: */*\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n`,
    answer: CONTINUE,
    wire: chunked,
    agent: 'curl/7.88.1',
    name: undefined,
    contentType: undefined,
  },
  'curl with a length, without Expect': {
    head: `PUT /m HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n${A}User-Agent: curl/7.88.1\r\nAccept: */*\r\nContent-Length: 1000000\r\n\r\n`,
    answer: 'HTTP/1.1 200 OK\r\n\r\n',
    agent: 'curl/7.88.1',
    name: undefined,
    contentType: undefined,
  },
  'ICE/1.0': {
    head: `SOURCE /m ICE/1.0\n${A}content-type: audio/mpeg\nice-name: N\n\n`,
    answer: 'HTTP/1.0 200 OK\r\n\r\n',
    agent: undefined,
    name: 'N',
    contentType: 'audio/mpeg',
  },
  'SOURCE in HTTP/1.1 without a Host': {
    head: `SOURCE /m HTTP/1.1\r\n${A}\r\n`,
    answer: 'HTTP/1.1 200 OK\r\n\r\n',
    agent: undefined,
    name: undefined,
    contentType: undefined,
  },
  'SHOUTcast of libshout, with bare line feeds': {
    head: 'hackme\nicy-name:N\nicy-url:http://x/\nicy-irc:\nicy-aim:\nicy-icq:\nicy-pub:0\nicy-genre:Test\nicy-br:128\n\n',
    answer: ICY,
    agent: undefined,
    name: 'N',
    contentType: 'audio/mpeg',
    audioInfo: 'bitrate=128',
  },
  'SHOUTcast of butt': {
    head: 'hackme\r\nHost: 127.0.0.1:8001\r\nicy-name:N\r\nicy-genre:Test\r\nicy-url:http://x/\r\nicy-pub:0\r\nicy-br:128\r\ncontent-type:audio/aacp\r\n\r\n',
    answer: ICY,
    agent: undefined,
    name: 'N',
    contentType: 'audio/aacp',
    audioInfo: 'bitrate=128',
  },
  'SHOUTcast with a path': {
    head: 'hackme:/m\r\nicy-name: N\r\n\r\n',
    answer: ICY,
    agent: undefined,
    name: 'N',
    contentType: 'audio/mpeg',
  },
  'SHOUTcast without fields': {
    head: 'hackme\r\n\r\n',
    answer: ICY,
    agent: undefined,
    name: undefined,
    contentType: 'audio/mpeg',
  },
}

for (const [title, form] of Object.entries(FORMS)) {
  const wire = form.wire?.(SOUND) ?? SOUND

  t.test(`takes the sound of ${title}`, async (t) => {
    const server = await startWire(t)
    const point = server.open('/m')
    const client = send(t, server.port, form.head)
    const publication = await point.onAir()
    await client.headCame()
    t.equal(String(client.received()), form.answer)
    client.socket.write(wire)
    t.ok((await publication.has(SOUND.length)).equals(SOUND))
    const { peer, identity } = publication.publisher
    t.equal(peer.name, client.address())
    t.equal(peer.user, form.user ?? 'source')
    t.equal(peer.agent, form.agent)
    t.equal(peer.about?.name, form.name)
    t.equal(peer.contentType, form.contentType)
    t.equal(peer.audioInfo, form.audioInfo)
    t.equal(identity, '127.0.0.1 source')
    t.equal(String(client.received()), form.answer, 'no more is sent while the sound lasts')
    client.socket.end()
    t.equal(await publication.left(), 'disconnected')
    await client.closed
  })

  t.test(`takes the sound of ${title} that does not wait`, async (t) => {
    const server = await startWire(t)
    const point = server.open('/m')
    const client = send(t, server.port, form.head, wire)
    const publication = await point.onAir()
    t.ok((await publication.has(SOUND.length)).equals(SOUND))
    client.reset()
    t.equal(await publication.left(), 'disconnected')
  })

  t.test(`takes the sound of ${title} byte by byte`, async (t) => {
    const server = await startWire(t)
    const point = server.open('/m')
    const client = connectTo(t, server.port, '')
    await sendSingly(client, Buffer.concat([Buffer.from(form.head), wire]))
    const publication = await point.onAir()
    t.ok((await publication.has(SOUND.length)).equals(SOUND))
    t.equal(publication.publisher.peer.about?.name, form.name)
    t.equal(String(client.received()), form.answer)
  })
}

t.test('reads names in UTF-8 and Latin-1, and leaves out what is not text', async (t) => {
  const server = await startWire(t)
  const point = server.open('/m')
  const fields = 'icy-description: \x00\r\nicy-genre: a\tb\u{202e}c\r\nicy-url:(null)\r\n\r\n'
  send(t, server.port, 'hackme\r\nicy-name:', Buffer.from([0x54, 0xf6, 0x6e]), '\r\n', fields, SOUND)
  const publication = await point.onAir()
  await publication.has(SOUND.length)
  t.strictSame(publication.publisher.peer.about, { name: 'Tön', genre: 'a b c' })
})

t.test('neither links to a script nor sends on the media type of a page', async (t) => {
  const server = await startWire(t)
  const point = server.open('/m')
  const fields = "Ice-Url: javascript:alert('x')\r\nContent-Type: text/html\r\n"
  send(t, server.port, `PUT /m HTTP/1.1\r\nHost: x\r\n${A}${fields}\r\n`, SOUND)
  const { publisher } = await point.onAir()
  t.strictSame(publisher.peer.about, {})
  t.equal(publisher.peer.contentType, undefined)
})

const ENDED_BODIES = [
  { what: 'a body at its length', field: 'Content-Length: 5', body: 'abcdefgh', sound: 'abcde' },
  {
    what: 'a chunked body at its last chunk',
    field: 'Transfer-Encoding: Chunked',
    body: '3\r\nabc\r\n0\r\n\r\n',
    sound: 'abc',
  },
]

for (const { what, field, body, sound } of ENDED_BODIES) {
  t.test(`ends ${what}, and responds`, async (t) => {
    const server = await startWire(t)
    const point = server.open('/m')
    const head = `PUT /m HTTP/1.1\r\nHost: x\r\n${A}Expect: 100-continue\r\n${field}\r\n\r\n`
    const client = send(t, server.port, head, body)
    const publication = await point.onAir()
    t.equal(await publication.left(), 'disconnected')
    t.equal(String(publication.bytes()), sound)
    await client.closed
    t.match(String(client.received()), /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/)
  })
}

t.test('sets artist and title of an ID3v2 tag at the start of the body', async (t) => {
  const server = await startWire(t)
  const point = server.open('/m')
  const frames = ['TPE1\0\0\0\x05\0\0\x03Amil', 'TIT2\0\0\0\x06\0\0\x03S\u{f6}ng']
    .map((frame) => Buffer.from(frame))
    .map(withSize)
  const size = frames.reduce((sum, { length }) => sum + length, 0)
  const tag = Buffer.concat([Buffer.from('ID3\x04\0\0\0\0'), Buffer.from([size >> 7, size & 0x7f]), ...frames])
  const client = connectTo(t, server.port, `SOURCE /m HTTP/1.0\r\n${A}\r\n`)
  await client.headCame()
  await sendSingly(client, tag)
  client.socket.write(SOUND)
  const publication = await point.onAir()
  t.ok((await publication.has(tag.length + SOUND.length)).equals(Buffer.concat([tag, SOUND])))
  t.strictSame([publication.titles, publication.titlesAt], [['Amil - Söng'], [0]])
})

/** Corrects the size of a frame. */
function withSize(frame: Buffer): Buffer {
  frame[7] = frame.length - 10
  return frame
}

t.test('takes the whole body that only begins like a tag', async (t) => {
  const server = await startWire(t)
  for (const [at, body] of ['ID', 'ID3', 'ID3\x04\0\0\x7f\x7f\x7f\x7f', 'IDx'].entries()) {
    const point = server.open(`/${at}`)
    const client = connectTo(t, server.port, '')
    client.socket.end(`SOURCE /${at} HTTP/1.0\r\n${A}\r\n${body}`)
    const publication = await point.onAir()
    await publication.left()
    t.equal(String(publication.bytes()), body)
    t.strictSame(publication.titles, [])
  }
})
