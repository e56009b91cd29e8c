import { connect } from 'node:net'
import { connect as connectSecurely } from 'node:tls'
import t from 'tap'
import { WebSocket } from 'ws'
import { connectTo, listen, type Reach } from '../client.ts'
import { numbers } from '../feeders.ts'
import { startProxy } from '../nginx.ts'
import { needs } from '../programs.ts'
import { startServer } from '../streamserve.ts'

const BROWSER = 'Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n'
const SAMPLES = ['-pcm', 'cd', '-exec', ...numbers()]
const ROOTED = /(?:src|href|data-sound|data-events)="\/[^"]*"/g

/** Connects from a loopback address that no other program uses. */
const fromElsewhere: Reach = (port) =>
  connectSecurely({
    socket: connect({ port, host: '127.0.0.1', localAddress: '127.0.0.77' }),
    rejectUnauthorized: false,
  })

t.setTimeout(120_000)

t.test('names its address as the client of a proxy uses it', { skip: needs('nginx') }, async (t) => {
  const server = await startServer(t, ['-talk', '-status', 'all', ...SAMPLES])
  const proxy = await startProxy(t, server.port)
  const host = `Host: radio.example:${proxy.port}\r\n`
  const get = async (path: string) =>
    String(await connectTo(t, proxy.port, `GET ${path} HTTP/1.0\r\n${host}${BROWSER}\r\n`, fromElsewhere).closed)
  const base = `https://radio.example:${proxy.port}/radio`
  t.match(await get('/radio/live.m3u'), `\n${base}/?wav\n`)
  t.match(await get('/radio/live.pls'), `\nFile1=${base}/?wav\n`)
  t.match(await get('/radio/player/'), `<code id="address">${base}/?wav</code>`)
  t.match(await get('/radio/status'), `data-address="${base}"`)
  t.match(await get('/radio/live/kitchen'), `<code>${base}/kitchen</code>`)
  t.match(await get('/radio/talk/kitchen'), `data-address="${base}/talk/kitchen"`)
})

t.test('logs the client behind a proxy, and the proxy', { skip: needs('nginx') }, async (t) => {
  const server = await startServer(t, SAMPLES)
  const proxy = await startProxy(t, server.port)
  const client = listen(t, proxy.port, '/radio/', 'X-Forwarded-For: 198.51.100.1\r\n', fromElsewhere)
  await client.bodyHas(1)
  t.match(await server.logged(/listener connected/), /client=127\.0\.0\.77 proxy=127\.0\.0\.1:\d+/)
  client.socket.destroy()
  t.match(await server.logged(/listener disconnected/), /client=127\.0\.0\.77 /)
})

t.test('opens WebSockets to its own pages behind a proxy, and to no others', { skip: needs('nginx') }, async (t) => {
  const server = await startServer(t, SAMPLES)
  const proxy = await startProxy(t, server.port)
  const statusOf = (origin: string) =>
    new Promise<number | undefined>((resolve) => {
      const socket = new WebSocket(`${proxy.url.replace('https', 'wss')}/?low`, { origin, rejectUnauthorized: false })
      socket.on('error', () => {})
      socket.on('open', () => {
        socket.close()
        resolve(101)
      })
      socket.on('unexpected-response', (_, { statusCode }) => resolve(statusCode))
    })
  t.equal(await statusOf(`https://127.0.0.1:${proxy.port}`), 101)
  t.equal(await statusOf('https://evil.example'), 403)
})

t.test('ignores reported values that are not a host or a scheme', async (t) => {
  const server = await startServer(t, SAMPLES)
  const ask = (fields: string) =>
    connectTo(t, server.port, `GET /live.m3u HTTP/1.0\r\nHost: radio.example\r\n${fields}\r\n`).closed
  t.match(String(await ask('X-Forwarded-Proto: https\r\n')), '\nhttps://radio.example/?wav\n')
  t.match(String(await ask('Forwarded: proto=https;host=other.example\r\n')), '\nhttps://other.example/?wav\n')
  t.match(String(await ask('X-Forwarded-Host: a b\r\nX-Forwarded-Proto: ftp\r\n')), '\nhttp://radio.example/?wav\n')
})

t.test('uses relative addresses in pages', async (t) => {
  const server = await startServer(t, ['-talk', '-status', 'all', ...SAMPLES])
  for (const path of ['/', '/player/', '/player/other', '/status', '/talk', '/talk/room', '/live', '/live/kitchen']) {
    const html = await (
      await fetch(server.url + path, { headers: { accept: 'text/html,application/xhtml+xml' } })
    ).text()
    t.match(html, /<script type="module" src="\.\.?\/[^"]*assets\/\w+\.js">/, path)
    t.strictSame(html.match(ROOTED), null, path)
    const [, script = ''] = /src="([^"]*\.js)"/.exec(html) ?? []
    const { status, headers } = await fetch(new URL(script, server.url + path))
    t.match([status, headers.get('content-type')], [200, /javascript/], path)
    const text = await (await fetch(new URL(script, server.url + path))).text()
    t.notMatch(text, /["'`]\/(?:assets|player|status|live|talk)\b/, `${path}: its script`)
  }
  const { headers } = await fetch(`${server.url}/player`, { redirect: 'manual' })
  t.equal(headers.get('location'), './player/')
})
