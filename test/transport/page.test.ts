import { createHash } from 'node:crypto'
import t from 'tap'
import { type Client, connectTo, listen } from '../client.ts'
import { numberBytes, numbers } from '../feeders.ts'
import { makeFifo, openWriter } from '../fifos.ts'
import { startServer } from '../streamserve.ts'

const BROWSER = 'Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n'
const SAMPLES = ['-pcm', 'cd', '-exec', ...numbers()]

async function isPage(client: Client): Promise<boolean> {
  await client.headCame()
  const is = /^Content-Type: text\/html/m.test(client.head())
  if (is) await client.closed
  client.socket.destroy()
  return is
}

/** What stands behind numeric references. */
function text(html = ''): string {
  return html.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
}

t.test('a browser that opens the address of sound gets a page with a player', async (t) => {
  const server = await startServer(t, SAMPLES)
  const client = listen(t, server.port, '/', BROWSER)
  const page = String(await client.closed)
  t.match(client.head(), /^HTTP\/1\.1 200 OK\r\n/)
  t.match(client.head(), `Content-Length: ${Buffer.byteLength(page)}`)
  t.match(page, /<audio [^>]*\bcontrols\b[^>]* src="\/\?wav"/)
  t.equal(server.count(/listener came|source opened/), 0, 'the page itself is no listener')
})

t.test("the page's policy admits its one style and its one script", async (t) => {
  const server = await startServer(t, SAMPLES)
  const client = listen(t, server.port, '/', BROWSER)
  const page = String(await client.closed)
  const policy = /^Content-Security-Policy: (.*)\r$/m.exec(`${client.head()}\r\n`)?.[1] ?? ''
  for (const what of ['style', 'script']) {
    const texts = [...page.matchAll(new RegExp(`<${what}>(.*?)</${what}>`, 'gs'))].map(([, text = '']) => text)
    t.equal(texts.length, 1, what)
    const hash = createHash('sha256').update(texts[0] ?? '')
    t.match(policy, `${what}-src 'sha256-${hash.digest('base64')}'`)
  }
  t.match(policy, "default-src 'none'")
  t.match(policy, "media-src 'self'")
  t.notMatch(page, / style=| on\w+=/, 'nothing inline that the policy would refuse')
})

t.test('everybody else gets the stream', async (t) => {
  const server = await startServer(t, SAMPLES)
  t.notOk(await isPage(listen(t, server.port)), 'no Accept')
  t.notOk(await isPage(listen(t, server.port, '/', 'Accept: */*\r\n')), 'players take anything')
  t.notOk(await isPage(listen(t, server.port, '/?wav', BROWSER)), 'asked for by name')
  t.notOk(await isPage(listen(t, server.port, '/?raw', BROWSER)), 'asked for by name')
})

t.test('a stream that is no sound has no page, and one that is has', async (t) => {
  const bytes = await startServer(t, ['-frame-filter', 'raw', '-exec', ...numbers()])
  t.notOk(await isPage(listen(t, bytes.port, '/', BROWSER)))
  const named = await startServer(t, ['-content-type', 'text/plain', '-exec', ...numbers()])
  t.notOk(await isPage(listen(t, named.port, '/', BROWSER)))
  const mp3 = await startServer(t, ['-frame-filter', 'mp3', '-exec', ...numbers()])
  const client = listen(t, mp3.port, '/', BROWSER)
  t.match(String(await client.closed), / src="\/"/)
})

t.test('HEAD of a page is the head of the page', async (t) => {
  const server = await startServer(t, SAMPLES)
  const client = connectTo(t, server.port, `HEAD / HTTP/1.1\r\nHost: x\r\n${BROWSER}\r\n`)
  t.equal((await client.closed).length, 0)
  t.match(client.head(), 'Content-Type: text/html')
})

t.test('names with HTML, percent signs and quotes in them are escaped, and lead to their stream', async (t) => {
  const directory = t.testdir()
  const server = await startServer(t, ['-pcm', 'cd', '-path', directory])
  for (const name of [
    '<img src=x onerror=alert(1)>',
    `"quoted' & more`,
    '100%25',
    '%41',
    'Zürich ♫',
    'a b+c?d#e',
    '&lt;',
  ]) {
    const fifo = makeFifo(directory, name)
    const client = listen(t, server.port, `/${encodeURIComponent(name)}`, BROWSER)
    const page = String(await client.closed)
    t.notMatch(page, /<img|alert\(1\)">/)
    t.equal(text(/<h1>(.*)<\/h1>/.exec(page)?.[1]), name)
    const source = text(/<audio [^>]*src="([^"]*)"/.exec(page)?.[1])
    const sound = listen(t, server.port, source)
    const writer = openWriter(t, fifo)
    writer.write(numberBytes(0, 64))
    t.ok((await sound.bodyHas(300)).subarray(44, 300).equals(numberBytes(0, 64)), name)
  }
})
