import t, { type Test } from 'tap'
import { AUTHORIZATION as A, send, startWire, type TestPublication, type WireServer } from './wire-server.ts'

const HOST = 'Host: 127.0.0.1:8000\r\n'
const DONE =
  /^HTTP\/1\.[01] 200 OK\r\n[^]*Content-Type: text\/xml[^]*<iceresponse><message>Metadata update successful<\/message><return>1<\/return><\/iceresponse>\n$/

async function responseTo(t: Test, { port }: WireServer, ...parts: readonly (Buffer | string)[]): Promise<string> {
  const client = send(t, port, ...parts)
  await client.closed
  return client.received().toString('latin1')
}

function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}

/** Starts a server with a publisher at `/m.mp3`. */
async function startOnAir(t: Test): Promise<{ readonly server: WireServer; readonly publication: TestPublication }> {
  const server = await startWire(t)
  const point = server.open('/m.mp3')
  send(t, server.port, `SOURCE /m.mp3 HTTP/1.0\r\n${A}\r\n`)
  return { server, publication: await point.onAir() }
}

t.test('sets the title that each client sends', async (t) => {
  const { server, publication } = await startOnAir(t)
  const forms: readonly (readonly [form: Buffer | string, title: string])[] = [
    // ezstream
    [
      `GET /admin/metadata?mode=updinfo&mount=%2fm%2emp3&charset=UTF%2d8&artist=S%c3%b6n&title=T%20%2d%201 HTTP/1.1\r\n${HOST}User-Agent: x\r\n${A}\r\n`,
      'Sön - T - 1',
    ],
    // mpd and GStreamer
    [
      `GET /admin/metadata?mode=updinfo&charset=UTF-8&mount=%2fm%2emp3&song=Artist%20%2d%20Title HTTP/1.1\r\n${HOST}${A}\r\n`,
      'Artist - Title',
    ],
    [`GET /admin/metadata?mode=updinfo&charset=UTF-8&mount=%2fm%2emp3&song=%20%2d%20 HTTP/1.1\r\n${HOST}${A}\r\n`, ''],
    // liquidsoap
    [
      `GET /admin/metadata?mode=updinfo&mount=/m.mp3&charset=UTF-8&title=T&artist=A&song=A%20%2D%20T HTTP/1.0\r\n${A}ice-name: x\r\n\r\n`,
      'A - T',
    ],
    // butt
    [`GET /admin/metadata?mode=updinfo&mount=/m.mp3&song=Söng%20П%20#5%20A+B HTTP/1.0\r\n${A}\r\n`, 'Söng П #5 A+B'],
    [
      `GET /admin.cgi?pass=hackme&mode=updinfo&song=Söng%20П&url= HTTP/1.0\r\nUser-Agent: ShoutcastDSP (Mozilla Compatible)\r\n${HOST}\r\n`,
      'Söng П',
    ],
    // libshout as SHOUTcast
    [
      `GET /admin.cgi?mode=updinfo&pass=hackme&song=One HTTP/1.1\r\n${HOST}User-Agent: MPD (Mozilla compatible)\r\n\r\n`,
      'One',
    ],
    [
      `GET /admin.cgi?mode=updinfo&pass=hackme%3a%2fm%2emp3&charset=UTF%2d8&artist=Two&title=Three HTTP/1.1\r\n${HOST}\r\n`,
      'Two - Three',
    ],
    // liquidsoap as SHOUTcast: Latin-1 and UTF-8 in one request
    [
      'GET /admin.cgi?mode=updinfo&pass=hackme&title=T&artist=%C4rtist&song=%C3%84rtist%20%2D%20T HTTP/1.0\r\n\r\n',
      'Ärtist - T',
    ],
    ['GET /admin.cgi?mode=updinfo&pass=hackme&title=T&artist=%C4rtist HTTP/1.0\r\n\r\n', 'Ärtist - T'],
    [latin1(`GET /admin/metadata?mode=updinfo&mount=/m.mp3&song=S\xf6ng HTTP/1.0\r\n${A}\r\n`), 'Söng'],
    [
      `GET /admin/metadata?mode=updinfo&mount=/m.mp3&charset=windows-1251&song=%CF%E5%F1%ED%FF HTTP/1.0\r\n${A}\r\n`,
      'Песня',
    ],
    [`GET /admin/metadata?mode=updinfo&mount=/m.mp3&charset=nonsense&song=S%F6ng HTTP/1.0\r\n${A}\r\n`, 'Söng'],
    [`GET /admin/metadata?mode=updinfo&mount=/m.mp3&song=One+Two HTTP/1.0\r\n${A}\r\n`, 'One Two'],
    [`GET /admin/metadata?mode=updinfo&mount=/m.mp3&song=100% HTTP/1.0\r\n${A}\r\n`, '100%'],
    [`GET /admin/metadata?mode=updinfo&mount=/m.mp3&song= HTTP/1.0\r\n${A}\r\n`, ''],
    [`GET /admin/metadata?mode=updinfo&mount=/m.mp3&song=a%0D%0Aicy-x:%201%1b%7f HTTP/1.0\r\n${A}\r\n`, 'a icy-x: 1'],
    [`GET /admin/metadata?mode=updinfo&mount=/m.mp3&song=${'x'.repeat(5_000)} HTTP/1.0\r\n${A}\r\n`, 'x'.repeat(300)],
  ]
  for (const [form, title] of forms) {
    t.match(await responseTo(t, server, form), DONE, String(form))
    t.equal(publication.titles.pop(), title)
  }
  t.strictSame(publication.titles, [])
})

t.test('sets a title before the first sound', async (t) => {
  const { server, publication } = await startOnAir(t)
  const request = `GET /admin/metadata?mode=updinfo&mount=/m.mp3&song=First HTTP/1.0\r\n${A}\r\n`
  t.match(await responseTo(t, server, request), DONE)
  t.strictSame(publication.titlesAt, [0])
})

t.test('accepts an address without a title, and changes nothing', async (t) => {
  const { server, publication } = await startOnAir(t)
  const request = `GET /admin/metadata?mode=updinfo&mount=/m.mp3&url=http://x/ HTTP/1.0\r\n${A}\r\n`
  t.match(await responseTo(t, server, request), DONE)
  t.strictSame(publication.titles, [])
})

t.test('asks for credentials, and refuses wrong ones', async (t) => {
  const { server, publication } = await startOnAir(t)
  const target = '/admin/metadata?mode=updinfo&mount=/m.mp3&song=x'
  const bare = await responseTo(t, server, `GET ${target} HTTP/1.1\r\n${HOST}\r\n`)
  t.match(bare, /^HTTP\/1\.1 401 [^]*\r\nWWW-Authenticate: Basic /)
  const wrong = `Authorization: Basic ${Buffer.from('source:wrong').toString('base64')}\r\n`
  t.match(await responseTo(t, server, `GET ${target} HTTP/1.1\r\n${HOST}${wrong}\r\n`), /^HTTP\/1\.1 401 /)
  t.match(
    await responseTo(t, server, 'GET /admin.cgi?pass=wrong&mode=updinfo&song=x HTTP/1.0\r\n\r\n'),
    /^HTTP\/1\.0 401 /,
  )
  t.match(await responseTo(t, server, 'GET /admin.cgi?mode=updinfo&song=x HTTP/1.0\r\n\r\n'), /^HTTP\/1\.0 400 /)
  t.strictSame(publication.titles, [])
  const reasons = server.log.records.filter(({ rawMessage }) => rawMessage === 'title refused')
  t.match(
    reasons.map(({ properties }) => properties),
    [
      { path: '/m.mp3', reason: 'wrong user or password' },
      { reason: 'wrong user or password' },
      { reason: 'Source does not exist' },
    ],
  )
})

t.test('responds that there is no source as Icecast does', async (t) => {
  const { server, publication } = await startOnAir(t)
  server.open('/waiting')
  for (const query of ['mount=/nowhere&song=x', 'mount=/waiting&song=x', 'song=x', 'mount=&song=x']) {
    const request = `GET /admin/metadata?mode=updinfo&${query} HTTP/1.0\r\n${A}\r\n`
    t.match(await responseTo(t, server, request), /^HTTP\/1\.0 400 Source does not exist\r\n/, query)
  }
  for (const query of ['mount=/m.mp3&song=x', 'mode=x&mount=/m.mp3&song=x', 'mode=updinfo&mount=/m.mp3']) {
    const request = `GET /admin/metadata?${query} HTTP/1.0\r\n${A}\r\n`
    t.match(await responseTo(t, server, request), /^HTTP\/1\.0 400 /, query)
  }
  const nul = `GET /admin/metadata?mode=updinfo&mount=/m.mp3&song=a%00b HTTP/1.0\r\n${A}\r\n`
  t.match(await responseTo(t, server, nul), /^HTTP\/1\.1 400 /)
  t.strictSame(publication.titles, [])
})

t.test('sets the title at the path whose password SHOUTcast sends', async (t) => {
  const server = await startWire(t)
  const [one, two] = [server.open('/one'), server.open('/two')]
  await send(t, server.port, 'hackme:/two\n\n').headCame()
  t.match(await responseTo(t, server, 'GET /admin.cgi?mode=updinfo&pass=hackme&song=x HTTP/1.0\r\n\r\n'), DONE)
  t.strictSame((await two.onAir()).titles, ['x'])
  t.equal(one.publications.length, 0)
})
