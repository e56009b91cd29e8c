import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { signatureOf } from '../../../src/access/signed-link.ts'
import { until } from '../../processes.ts'
import { readPlaylist, startHls, withSegments } from './hls-server.ts'

/** The password is `hackme`. */
const ANNA = 'anna:$apr1$saltsalt$cF2RF7yioggWGAi9R7S.b1\n'
const BASIC = { Authorization: `Basic ${btoa('anna:hackme')}` }
const SECOND = ['hls', 'hls-segment 1s']
const UNTIL = Math.round(Date.now() / 1000) + 3600

function linkOf(path: string): string {
  return `until=${UNTIL}&sign=${signatureOf(path, UNTIL, 'sesame')}`
}

/** A server that is asked about listeners. */
async function startCallback(t: Test, answer: { status: number; fields?: Record<string, string> }) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      asked.push(new URLSearchParams(body).get('action') ?? '')
      response.writeHead(answer.status, answer.fields).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked }
}

t.test('a stream for members asks for a password, and caches do not keep it', async (t) => {
  const users = join(t.testdir({}), 'users')
  writeFileSync(users, ANNA)
  const server = await startHls(t, [...SECOND, `listen-users ${users}`])
  const url = `${server.url}/hls/radio/live.m3u8`
  server.give(2.5)
  const refused = await fetch(url)
  t.equal(refused.status, 401)
  t.match(refused.headers.get('www-authenticate'), 'Basic realm="listen"')
  t.equal(refused.headers.get('cache-control'), 'private, no-store')
  t.equal(server.count(/source opened/), 0)
  const granted = await fetch(url, { headers: BASIC })
  t.equal(granted.status, 200)
  t.equal(granted.headers.get('cache-control'), 'private, no-store')
  const [first] = readPlaylist(await granted.text()).segments
  const segment = new URL(first?.uri ?? '', url)
  t.equal((await fetch(segment)).status, 401)
  const bytes = await fetch(segment, { headers: BASIC })
  t.equal(bytes.status, 200)
  t.equal(bytes.headers.get('cache-control'), 'private, no-store')
})

t.test('the password may be in the query, and is passed on to the segments', async (t) => {
  const users = join(t.testdir({}), 'users')
  writeFileSync(users, ANNA)
  const server = await startHls(t, [...SECOND, `listen-users ${users}`])
  const url = `${server.url}/hls/radio/live.m3u8?user=anna&pass=hackme`
  server.give(2.5)
  const [first] = (await withSegments(url, 1)).segments
  t.match(first?.uri, /\.mp3\?h=\w+&user=anna&pass=hackme$/)
  t.equal((await fetch(new URL(first?.uri ?? '', url))).status, 200)
  t.notMatch(server.log(), 'hackme')
})

t.test('a signed link of the stream is one of its playlist and its segments', async (t) => {
  const server = await startHls(t, [...SECOND, 'listen-key sesame'])
  const url = `${server.url}/hls/radio/live.m3u8`
  server.give(2.5)
  t.equal((await fetch(url)).status, 403)
  t.equal((await fetch(`${url}?${linkOf('/other')}`)).status, 403)
  const link = linkOf('/radio')
  const [first] = (await withSegments(`${url}?${link}`, 1)).segments
  t.match(first?.uri, new RegExp(`&${link.replaceAll('+', '\\+')}$`))
  const segment = new URL(first?.uri ?? '', url)
  t.equal((await fetch(segment)).status, 200)
  t.equal((await fetch(segment, { headers: { 'User-Agent': 'another client' } })).status, 200)
  segment.searchParams.delete('sign')
  t.equal((await fetch(segment)).status, 403)
})

t.test('a URL is asked once about a client, and notified when it has gone', async (t) => {
  const callback = await startCallback(t, { status: 200, fields: { 'icecast-auth-user': '1' } })
  const server = await startHls(t, [...SECOND, `listen-url ${callback.url}`])
  const url = `${server.url}/hls/radio/live.m3u8`
  server.give(3.5)
  const { segments } = await withSegments(url, 3)
  for (const { uri } of segments) t.equal((await fetch(new URL(uri, url))).status, 200)
  t.strictSame(callback.asked, ['listener_add'])
  await fetch(url, { headers: { 'User-Agent': 'another client' } })
  t.strictSame(callback.asked, ['listener_add', 'listener_add'])
  await until('the URL is notified', () => callback.asked.length === 4)
  t.strictSame(callback.asked.slice(2), ['listener_remove', 'listener_remove'])
})

t.test('a URL may refuse a client', async (t) => {
  const callback = await startCallback(t, { status: 403 })
  const server = await startHls(t, [...SECOND, `listen-url ${callback.url}`])
  const response = await fetch(`${server.url}/hls/radio/live.m3u8`)
  t.equal(response.status, 401)
  t.equal(server.count(/source opened/), 0)
})

t.test('a client takes a place among the listeners, until it has not asked for some time', async (t) => {
  const server = await startHls(t, [...SECOND, 'max-listeners 1'])
  const url = `${server.url}/hls/radio/live.m3u8`
  server.give(2.5)
  const { text } = await withSegments(url, 1)
  t.notMatch(text, 'private')
  const other = () => fetch(url, { headers: { 'User-Agent': 'another client' } })
  t.equal((await other()).status, 503)
  t.equal((await fetch(`${server.url}/radio`)).status, 503)
  t.equal((await fetch(url)).status, 200)
  await until('there is a place', async () => (await fetch(`${server.url}/radio`, { method: 'HEAD' })).status === 200)
})
