import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { signatureOf } from '../../../src/access/signed-link.ts'
import { connectTo } from '../../client.ts'
import { type Server, startServer } from '../../streamserve.ts'
import { listenLow } from '../low/low-listener.ts'

/** The password is `hackme`. */
const ANNA = 'anna:$apr1$saltsalt$cF2RF7yioggWGAi9R7S.b1\n'
const BASIC = { Authorization: `Basic ${btoa('anna:hackme')}` }
const BROWSER = { Accept: 'text/html', 'Sec-Fetch-Dest': 'document', 'Sec-Fetch-Mode': 'navigate' }
const UNTIL = Math.round(Date.now() / 1000) + 3600
const LINK = `until=${UNTIL}&sign=${signatureOf('/key', UNTIL, 'sesame')}`

/** Streams of samples for members, for holders of a link, and for one listener. */
async function start(t: Test): Promise<Server> {
  const folder = t.testdir({})
  writeFileSync(join(folder, 'users'), ANNA)
  const users = `listen-users ${join(folder, 'users')}`
  const station = `
[/members]
demo
${users}
[/key]
demo
listen-key sesame
[/one]
demo
max-listeners 1
[/guests/*]
publish
publish-password hackme
${users}
`
  writeFileSync(join(folder, 'station.conf'), station)
  const server = await startServer(t, ['-config', join(folder, 'station.conf')])
  t.teardown(() => server.child.kill())
  return server
}

t.test('the pages of a stream are for those that may listen', async (t) => {
  const { url } = await start(t)
  for (const [path, headers] of [
    ['/members', BROWSER],
    ['/player/members', {}],
    ['/player/members?events', {}],
    ['/members.m3u', {}],
  ] as const) {
    const refused = await fetch(url + path, { headers })
    t.equal(refused.status, 401, path)
    t.match(refused.headers.get('www-authenticate'), 'Basic realm="listen"')
    t.equal(await refused.text(), 'a user and a password are required\n')
    const stop = new AbortController()
    const granted = await fetch(url + path, { headers: { ...headers, ...BASIC }, signal: stop.signal })
    t.equal(granted.status, 200, path)
    stop.abort()
  }
  t.equal((await fetch(`${url}/player/key?events`)).status, 403)
  t.equal((await fetch(`${url}/key`, { headers: BROWSER })).status, 403)
})

t.test('a page passes its link on to the stream and to the files', async (t) => {
  const { url, port } = await start(t)
  const html = await (await fetch(`${url}/key?${LINK}`, { headers: BROWSER })).text()
  const escaped = LINK.replaceAll('&', '&#38;')
  t.match(html, `data-events="./player/key?events&#38;${escaped}"`)
  t.match(html, `data-sound="./key?wav&#38;${escaped}"`)
  t.match(html, `data-carried="${escaped}"`)
  t.match(html, `href="./key.m3u?${escaped}"`)
  const file = await (await fetch(`${url}/key.m3u?${LINK}`)).text()
  t.match(file, `${url}/key?wav&${LINK}\n`)
  const low = listenLow(t, `ws://127.0.0.1:${port}/key?low&${LINK}`)
  await low.has(1)
  const events = await fetch(`${url}/player/key?events&${LINK}`)
  t.equal(events.status, 200)
  await events.body?.cancel()
})

t.test('low delay needs permission and a place', async (t) => {
  const server = await start(t)
  const { url, port } = server
  const refused = listenLow(t, `ws://127.0.0.1:${port}/key?low`)
  t.match(await new Promise((resolve) => refused.opened.once('error', resolve)), { message: /403/ })
  const member = listenLow(t, `ws://127.0.0.1:${port}/members?low`, { headers: BASIC })
  await member.has(1)
  await server.logged(/listener connected.*user=anna/)
  const one = listenLow(t, `ws://127.0.0.1:${port}/one?low`)
  await one.has(1)
  const full = await fetch(`${url}/one`)
  t.equal(full.status, 503)
  const another = listenLow(t, `ws://127.0.0.1:${port}/one?low`)
  t.match(await new Promise((resolve) => another.opened.once('error', resolve)), { message: /503/ })
  one.opened.close()
  await one.closed
  await server.logged(/listener disconnected.*stream=\/one/)
  const next = listenLow(t, `ws://127.0.0.1:${port}/one?low`)
  await next.has(1)
})

t.test('news of a stream that appears later is only for those that may listen', async (t) => {
  const { url, port } = await start(t)
  const events = await fetch(`${url}/player/guests/dj?events`)
  t.equal(events.status, 200)
  const reader = events.body?.getReader()
  t.match(String(Buffer.from((await reader?.read())?.value ?? [])), '"state":"absent"')
  const publisher = `PUT /guests/dj HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ${btoa('source:hackme')}\r\nContent-Type: audio/mpeg\r\n\r\n`
  connectTo(t, port, publisher)
  let news = ''
  for (let part = await reader?.read(); part?.done === false; part = await reader?.read())
    news += Buffer.from(part.value)
  t.notMatch(news, /"state":"(?!absent)/)
  t.equal((await fetch(`${url}/player/guests/dj?events`)).status, 401)
})

t.test('the index has no titles of streams for members', async (t) => {
  const { url, port } = await start(t)
  connectTo(
    t,
    port,
    `PUT /guests/dj HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ${btoa('source:hackme')}\r\nContent-Type: audio/mpeg\r\n\r\n`,
  )
  const title = `${url}/admin/metadata?mode=updinfo&mount=/guests/dj&song=a%20secret%20title`
  const headers = { Authorization: `Basic ${btoa('source:hackme')}` }
  let status = 0
  while (status !== 200) status = (await fetch(title, { headers })).status
  t.notMatch(await (await fetch(url, { headers: BROWSER })).text(), 'a secret title')
})
