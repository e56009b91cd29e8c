import t from 'tap'
import { entryOf, serveIndex } from './index-server.ts'

const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

/** Decodes the text of each part of this name, in the order of the page. */
function texts(html: string, part: string): string[] {
  const pattern = new RegExp(`data-part="${part}"[^>]*>([^<]*)<`, 'g')
  return [...html.matchAll(pattern)].map(([, text = '']) =>
    text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))),
  )
}

t.test('lists each stream with its name, format, title and listeners, in the given order', async (t) => {
  const streams = [
    entryOf('/radio.mp3', {
      name: 'Night Radio',
      format: 'MP3, 128 kbit/s',
      title: 'Nina Simone - Sinnerman',
      listeners: 1,
    }),
    entryOf('/cd', { listen: '/cd?wav', description: 'From the player', isOpen: false, listeners: 1234 }),
  ]
  const url = await serveIndex(t, () => streams, { name: 'House of sound', description: 'Two streams' })
  const response = await fetch(url, { headers: BROWSER })
  t.equal(response.status, 200)
  t.match(response.headers.get('content-type'), /^text\/html/)
  const html = await response.text()
  t.match(html, '<h1>House of sound</h1>')
  t.strictSame(texts(html, 'name'), ['Night Radio', 'cd'])
  t.strictSame(texts(html, 'title'), ['Nina Simone - Sinnerman', ''])
  t.strictSame(texts(html, 'description'), ['', 'From the player'])
  t.strictSame(texts(html, 'format'), ['MP3, 128 kbit/s', ''])
  t.strictSame(texts(html, 'state'), ['On air', 'Ready to play'])
  t.strictSame(texts(html, 'listeners'), ['1 listener', '1,234 listeners'])
})

t.test('shows for how long a publisher has been on air', async (t) => {
  const url = await serveIndex(t, () => [entryOf('/dj', { liveMs: 7_500_000 }), entryOf('/cd')])
  const html = await (await fetch(url, { headers: BROWSER })).text()
  t.strictSame(texts(html, 'state'), ['Live for 2 h 5 min', 'On air'])
})

t.test('links to the player and to the sound of each stream', async (t) => {
  const url = await serveIndex(t, () => [entryOf('/radio.mp3'), entryOf('/a b/c?', { listen: '/a%20b/c%3F?wav' })])
  const html = await (await fetch(url, { headers: BROWSER })).text()
  t.match(html, 'href="./player/radio.mp3"')
  t.match(html, 'href="./radio.mp3?raw"', 'without a query, browsers would get the player again')
  t.match(html, 'href="./player/a%20b/c%3F"')
  t.match(html, 'href="./a%20b/c%3F?wav"')
})

t.test('shows the path of a stream that has only the name and the description of the station', async (t) => {
  const station = { name: 'Night Radio', description: 'Day and night' }
  const url = await serveIndex(t, () => [entryOf('/cd', station), entryOf('/dj', { name: 'The booth' })], station)
  const html = await (await fetch(url, { headers: BROWSER })).text()
  t.strictSame(texts(html, 'name'), ['cd', 'The booth'])
  t.strictSame(texts(html, 'description'), ['', ''])
})

t.test('escapes markup in names, titles, descriptions and paths', async (t) => {
  const bad = `<img src=x onerror="alert(1)">'&lt;{{root}}{{#streams}}`
  const fields = { name: bad, title: bad, description: bad, format: bad, listen: `/${encodeURIComponent(bad)}` }
  const url = await serveIndex(t, () => [entryOf(`/${bad}`, fields)], { name: `${bad}!`, description: `${bad}!` })
  const html = await (await fetch(url, { headers: BROWSER })).text()
  t.notMatch(html, /<img|"alert/)
  for (const part of ['name', 'title', 'description', 'format']) t.strictSame(texts(html, part), [bad], part)
})

t.test('does not show listeners when they are not known', async (t) => {
  const url = await serveIndex(t, () => [entryOf('/cd')])
  t.strictSame(texts(await (await fetch(url, { headers: BROWSER })).text(), 'listeners'), [''])
})

t.test('tells browsers when there are no streams', async (t) => {
  const url = await serveIndex(t, () => [])
  const response = await fetch(url, { headers: BROWSER })
  t.equal(response.status, 200)
  t.match(await response.text(), 'There are no streams yet')
})

t.test('answers ?json with the entries as they are now', async (t) => {
  const streams = [entryOf('/cd', { title: 'one' })]
  const url = await serveIndex(t, () => streams)
  t.strictSame(await (await fetch(`${url}/?json`)).json(), { streams: [entryOf('/cd', { title: 'one' })] })
  streams[0] = entryOf('/cd', { title: 'two' })
  const response = await fetch(`${url}/?json`)
  t.match(response.headers.get('content-type'), /^application\/json/)
  t.strictSame(await response.json(), { streams: [entryOf('/cd', { title: 'two' })] })
})

t.test('answers other clients with 404 and the paths on one line', async (t) => {
  const url = await serveIndex(t, () => [entryOf('/cd'), entryOf('/a b\n')])
  for (const headers of [{ accept: '*/*' }, { ...BROWSER, 'icy-metadata': '1' }]) {
    const response = await fetch(url, { headers })
    t.equal(response.status, 404)
    t.match(response.headers.get('content-type'), /^text\/plain/)
    t.equal(await response.text(), 'there is no stream at this path; streams: /cd, /a%20b%0A\n')
  }
})

t.test('may be shown in a frame where the player may', async (t) => {
  const policy = async (frameAncestors: string) => {
    const url = await serveIndex(t, () => [], { frameAncestors })
    return (await fetch(url, { headers: BROWSER })).headers.get('content-security-policy')
  }
  t.match(await policy("'self'"), "frame-ancestors 'self'")
  t.notMatch(await policy('*'), 'frame-ancestors')
})
