import t from 'tap'
import { connectTo } from '../../client.ts'
import { startServer } from '../../streamserve.ts'
import { statusAt } from './status-watch.ts'

const RAW = ['-frame-filter', 'raw', '-frame-bytes', '4']

t.test('has no such page with -status=off', async (t) => {
  const server = await startServer(t, ['-demo', '-status', 'off'])
  for (const path of ['/status', '/status.json', '/status/events', '/status/qr.svg'])
    t.equal((await fetch(server.url + path)).status, 404, path)
})

t.test('names the necessary flag in one line to other clients by default', async (t) => {
  const server = await startServer(t, ['-demo'])
  for (const path of ['/status', '/status.json', '/status/events', '/status/qr.svg']) {
    const refused = await fetch(server.url + path, { headers: { 'X-Forwarded-For': '198.51.100.7' } })
    t.equal(refused.status, 403, path)
    t.match(await refused.text(), /^.*-status=all.*\n$/)
  }
  const rebound = connectTo(t, server.port, 'GET /status.json HTTP/1.1\r\nHost: rebind.example.com\r\n\r\n')
  t.match(await rebound.headCame(), /^HTTP\/1\.1 403/)
})

t.test('shows the status to all with -status=all, without command lines and output of commands', async (t) => {
  const command = 'echo password=1234 >&2; exec sleep 1234'
  const server = await startServer(t, [...RAW, '-status', 'all', '-warm', '-exec', command])
  await server.logged(/source stderr/)
  const answer = await fetch(`${server.url}/status.json`, { headers: { 'X-Forwarded-For': '198.51.100.7' } })
  t.equal(answer.status, 200)
  const text = await answer.text()
  t.match(JSON.parse(text), { streams: [{ source: { state: 'open', label: null, said: [] } }] })
  t.notMatch(text, '1234')
})

t.test('shows no address of a relayed server with -status=all', async (t) => {
  const server = await startServer(t, ['-status', 'all', '-warm', '-relay', 'http://127.0.0.2:9/night.mp3'])
  await server.logged(/source closed/)
  const text = await (await fetch(`${server.url}/status.json`)).text()
  t.match(JSON.parse(text), { streams: [{ source: { label: null, lastEnd: { why: /^\*\*\*: \w/, failed: true } } }] })
  t.notMatch(text, /127\.0\.0\.2|night/)
})

t.test('recognizes local clients of an IPv6 socket too', async (t) => {
  const server = await startServer(t, ['-address', '[::]:0', '-demo'])
  const url = `http://127.0.0.1:${/:(\d+)\/$/.exec(await server.logged(/listening/))?.[1]}`
  t.match(await statusAt(url), { streams: [{ path: '/' }] })
})

t.test('links the QR code to the stream at the requested address', async (t) => {
  const server = await startServer(t, ['-demo'])
  const code = await fetch(`${server.url}/status/qr.svg?stream=/cd`)
  t.equal(code.headers.get('content-type'), 'image/svg+xml')
  t.match(await code.text(), /^<svg/)
  const long = await fetch(`${server.url}/status/qr.svg?stream=/${'x'.repeat(2_000)}`)
  t.equal(long.status, 400)
})

t.test('responds to HEAD, and ends', async (t) => {
  const server = await startServer(t, ['-demo'])
  for (const path of ['/status', '/status.json', '/status/events']) {
    const answer = await fetch(server.url + path, { method: 'HEAD' })
    t.equal(answer.status, 200, path)
    t.equal(await answer.text(), '')
  }
})
