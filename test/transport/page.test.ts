import t from 'tap'
import { type Client, connectTo, listen } from '../client.ts'
import { numberBytes, numbers } from '../feeders.ts'
import { makeFifo, openWriter } from '../fifos.ts'
import { startServer } from '../streamserve.ts'

const BROWSER = 'Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n'
const SAMPLES = ['-pcm', 'cd', '-exec', ...numbers()]

t.setTimeout(120_000)

async function isPage(client: Client): Promise<boolean> {
  await client.headCame()
  const is = /^Content-Type: text\/html/m.test(client.head())
  if (is) await client.closed
  client.socket.destroy()
  return is
}

t.test('sends a page to a browser that opens the address of sound, and counts no listener', async (t) => {
  const server = await startServer(t, SAMPLES)
  const client = listen(t, server.port, '/', BROWSER)
  const page = String(await client.closed)
  t.match(client.head(), /^HTTP\/1\.1 200 OK\r\n/)
  t.match(page, /<!doctype html>/i)
  t.equal(server.count(/listener connected|source opened/), 0)
})

t.test('sends the stream to all other clients', async (t) => {
  const server = await startServer(t, SAMPLES)
  t.notOk(await isPage(listen(t, server.port)), 'no Accept')
  t.notOk(await isPage(listen(t, server.port, '/', 'Accept: */*\r\n')), 'players take anything')
  t.notOk(await isPage(listen(t, server.port, '/?wav', BROWSER)), 'asked for by name')
  t.notOk(await isPage(listen(t, server.port, '/?raw', BROWSER)), 'asked for by name')
})

const JAVA = 'Accept: text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2\r\n'
const LYNX = 'Accept: text/html, text/plain, text/sgml, text/css, */*;q=0.01\r\n'
const W3M = 'Accept: text/html, text/*;q=0.5, image/*, application/*\r\n'

t.test('gives the page to navigations of browsers with and without pictures', async (t) => {
  const server = await startServer(t, SAMPLES)
  for (const destination of ['document', 'iframe', 'frame']) {
    const fields = `Sec-Fetch-Dest: ${destination}\r\nAccept: */*\r\n`
    t.ok(await isPage(listen(t, server.port, '/', fields)), destination)
  }
  for (const fields of [BROWSER, LYNX, W3M, 'Accept: text/html\r\n'])
    t.ok(await isPage(listen(t, server.port, '/', fields)), fields)
})

t.test('gives the sound to programs in Java, players, and elements of pages', async (t) => {
  const server = await startServer(t, SAMPLES)
  const players: Readonly<Record<string, string>> = {
    Java: JAVA,
    'Java with titles': `${JAVA}Icy-MetaData: 1\r\n`,
    'titles are asked for': `${BROWSER}Icy-MetaData: 0\r\n`,
    'a range is asked for': `${BROWSER}Range: bytes=0-\r\n`,
    'an audio element': `${BROWSER}Sec-Fetch-Dest: audio\r\n`,
    'a script': `${BROWSER}Sec-Fetch-Dest: empty\r\n`,
    'a player that shows covers and descriptions': 'Accept: audio/mpeg, text/html, text/plain, */*\r\n',
    wget: 'User-Agent: Wget/1.21\r\nAccept: */*\r\nAccept-Encoding: identity\r\n',
  }
  for (const [name, fields] of Object.entries(players)) t.notOk(await isPage(listen(t, server.port, '/', fields)), name)
})

t.test('links to the stream itself in the page where scripts do not run', async (t) => {
  for (const flags of [SAMPLES, ['-frame-filter', 'mp3', '-exec', ...numbers()]]) {
    const server = await startServer(t, flags)
    const html = String(await listen(t, server.port, '/', LYNX).closed)
    const [, link = ''] = /<noscript>.*href="([^"]*)"/.exec(html) ?? []
    const { pathname, search } = new URL(link, server.url)
    t.notOk(await isPage(listen(t, server.port, pathname + search, LYNX)), link)
  }
})

t.test('has a page for streams of sound only', async (t) => {
  const bytes = await startServer(t, ['-frame-filter', 'raw', '-exec', ...numbers()])
  t.notOk(await isPage(listen(t, bytes.port, '/', BROWSER)))
  const named = await startServer(t, ['-content-type', 'text/plain', '-exec', ...numbers()])
  t.notOk(await isPage(listen(t, named.port, '/', BROWSER)))
  const mp3 = await startServer(t, ['-frame-filter', 'mp3', '-exec', ...numbers()])
  t.ok(await isPage(listen(t, mp3.port, '/', BROWSER)))
})

t.test('responds to HEAD of a page with its head', async (t) => {
  const server = await startServer(t, SAMPLES)
  const client = connectTo(t, server.port, `HEAD / HTTP/1.1\r\nHost: x\r\n${BROWSER}\r\n`)
  t.equal((await client.closed).length, 0)
  t.match(client.head(), 'Content-Type: text/html')
})

t.test('prefers a stream to a page of the same name', async (t) => {
  const directory = t.testdir()
  const server = await startServer(t, ['-pcm', 'cd', '-path', directory])
  t.ok(await isPage(listen(t, server.port, '/status', BROWSER)))
  const writer = openWriter(t, makeFifo(directory, 'status'))
  const sound = listen(t, server.port, '/status')
  writer.write(numberBytes(0, 64))
  t.ok((await sound.bodyHas(300)).subarray(44, 300).equals(numberBytes(0, 64)))
})

t.test('sends the stream or the page to a client that requests an upgrade to another protocol', async (t) => {
  const server = await startServer(t, SAMPLES)
  const h2c = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n'
  const sound = listen(t, server.port, '/', h2c)
  t.match(await sound.headCame(), /^HTTP\/1\.1 200 OK\r\n[^]*audio\/wav/)
  const page = listen(t, server.port, '/', h2c + BROWSER)
  t.match(String(await page.closed), /<!doctype html>/i)
  t.match(page.head(), /^HTTP\/1\.1 200 OK\r\n/)
  const socket = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n'
  const stream = listen(t, server.port, '/', socket)
  t.match(await stream.headCame(), /audio\/wav/, 'without ?low')
})
