import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { startServer } from '../../streamserve.ts'

const PAGE = { headers: { Accept: 'text/html' } }
const FORWARDED = { headers: { ...PAGE.headers, 'X-Forwarded-For': '203.0.113.9' } }
const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(500, 7)])

async function pageAt(url: string, request: RequestInit = PAGE): Promise<string> {
  return (await fetch(url, request)).text()
}

/** The value of a property of OpenGraph. */
function property(html: string, name: string): string | undefined {
  return new RegExp(`<meta property="og:${name}" content="([^"]*)">`).exec(html)?.[1]
}

/** Texts of the links to other pages. */
async function texts(url: string, request?: RequestInit): Promise<unknown[]> {
  const links = /<a href="[./a-z]*"(?: target="_top")?>([A-Z][a-z ]+)<\/a>/g
  return Array.from((await pageAt(url, request)).matchAll(links), ([, text]) => text)
}

t.test('describes the stream for sites that show a link to it', async (t) => {
  const picture = join(t.testdir(), 'logo.jpg')
  writeFileSync(picture, JPEG)
  const about = ['-name', 'Caf\u00e9 "<b>"', '-description', `it's & more`, '-genre', '<i>Jazz']
  const { url } = await startServer(t, ['-demo', '-picture', picture, ...about])
  const html = await pageAt(url)
  t.equal(property(html, 'title'), 'Café &#34;&#60;b&#62;&#34;')
  t.equal(property(html, 'description'), 'it&#39;s &#38; more')
  t.equal(property(html, 'url'), `${url}/`)
  t.equal(property(html, 'image'), `${url}/live.jpg?station`)
  t.equal((await fetch(property(html, 'image') ?? '')).status, 200)
  t.equal(property(html, 'audio'), `${url}/?wav`)
  t.equal(property(html, 'audio:type'), 'audio/wav')
  t.notMatch(html, /<b>|<i>Jazz/)
  const plain = await startServer(t, ['-demo'])
  const icon = property(await pageAt(plain.url), 'image') ?? ''
  t.equal(icon, `${plain.url}/assets/icon-512.png`)
  t.equal((await fetch(icon)).headers.get('content-type'), 'image/png')
  t.equal(property(await pageAt(plain.url), 'description'), undefined)
})

t.test('has a manifest for each stream, relative to its own address', async (t) => {
  const file = join(t.testdir(), 'station.conf')
  writeFileSync(file, 'name House of "sound"\n[/]\ndemo\n[/deep/cd]\ndemo\n')
  const { url } = await startServer(t, ['-config', file])
  for (const [path, name] of [
    ['/', 'House of "sound"'],
    ['/deep/cd', 'deep/cd'],
  ] as const) {
    const html = await pageAt(url + path)
    const link = /<link rel="manifest" href="([^"]*)"/.exec(html)?.[1] ?? ''
    const address = new URL(link, url + path)
    const answer = await fetch(address)
    t.equal(answer.headers.get('content-type'), 'application/manifest+json')
    const manifest = (await answer.json()) as Record<'name' | 'start_url' | 'scope', string> & {
      icons: readonly { readonly src: string }[]
    }
    t.equal(manifest.name, name)
    t.equal(new URL(manifest.start_url, address).href, url + path)
    t.equal(new URL(manifest.scope, address).href, `${url}/`)
    for (const { src } of manifest.icons) t.equal((await fetch(new URL(src, address))).status, 200, src)
  }
  t.equal((await fetch(`${url}/none.webmanifest`)).status, 404)
})

t.test('links to other pages for those that may have them', async (t) => {
  const talking = await startServer(t, ['-demo', '-talk'])
  t.strictSame(await texts(talking.url), ['Talk', 'Go on air', 'Status'])
  t.strictSame(await texts(talking.url, FORWARDED), ['Talk'], 'a client from elsewhere')
  t.strictSame(await texts(`${talking.url}/talk`, FORWARDED), ['Listen'])
  t.strictSame(await texts(`${talking.url}/status`), ['Listen', 'Talk', 'Go on air'])
  const open = await startServer(t, ['-demo', '-status', 'all'])
  t.strictSame(await texts(open.url, FORWARDED), ['Status'])
  const closed = await startServer(t, ['-demo', '-status', 'off'])
  t.strictSame(await texts(closed.url), [])
})

t.test('shows the number of listeners only where the status is for all', async (t) => {
  for (const [status, listeners] of [
    ['all', 0],
    ['local', undefined],
  ] as const) {
    const { url } = await startServer(t, ['-demo', '-status', status])
    const leave = new AbortController()
    const { body } = await fetch(`${url}/player/?events`, { signal: leave.signal })
    const first = await body?.pipeThrough(new TextDecoderStream()).getReader().read()
    t.equal((JSON.parse(String(first?.value).replace('data: ', '')) as { listeners?: number }).listeners, listeners)
    leave.abort()
  }
})

t.test('links to the web page of the station, but not to an address that is none', async (t) => {
  const { url } = await startServer(t, ['-demo', '-url', 'https://www.radio.example/'])
  t.match(await pageAt(url), '<a href="https://www.radio.example/" target="_top" rel="noopener">radio.example</a>')
  t.notMatch(await pageAt((await startServer(t, ['-demo'])).url), 'rel="noopener"')
})

t.test('passes on a link without the password of a listener', async (t) => {
  const { url } = await startServer(t, ['-demo'])
  const html = await pageAt(`${url}/?user=anna&pass=secret`)
  t.match(html, 'data-share="./"')
  t.equal(property(html, 'url'), `${url}/`)
})
