import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { connectTo, listen } from '../../client.ts'
import { makeFifo, openWriter } from '../../fifos.ts'
import { startServer } from '../../streamserve.ts'
import { iceStatsAt, sourcesIn } from './ice-server.ts'

const RAW = ['-frame-filter', 'raw', '-frame-bytes', '4']

async function serve(t: Test, content: string, flags: readonly string[] = []) {
  const file = join(t.testdir(), 'main.conf')
  writeFileSync(file, content)
  return startServer(t, ['-config', file, ...flags])
}

t.test('lists open streams in the order of the configuration, and no others', async (t) => {
  const server = await serve(t, 'name Night Radio\n[/z]\ndemo\n[/closed]\ndemo\n[/secret]\ndemo\nhidden\n[/a]\ndemo\n')
  t.notOk('source' in (await iceStatsAt(server.url)))
  await listen(t, server.port, '/a').bodyHas(1_000)
  await listen(t, server.port, '/secret').bodyHas(1_000)
  t.match(await iceStatsAt(server.url), { host: '127.0.0.1', source: { server_name: 'Night Radio', listeners: 1 } })
  await listen(t, server.port, '/z').bodyHas(1_000)
  const status = await iceStatsAt(server.url)
  t.strictSame(
    sourcesIn(status).map(({ listenurl }) => listenurl),
    [`${server.url}/z`, `${server.url}/a`],
  )
})

t.test('keeps the greatest number of listeners', async (t) => {
  const server = await startServer(t, ['-demo'])
  const listeners = [listen(t, server.port), listen(t, server.port)]
  for (const listener of listeners) await listener.bodyHas(1_000)
  for (const listener of listeners) listener.reset()
  await server.loggedTimes(/listener disconnected/, 2)
  t.match(await iceStatsAt(server.url), { source: { listeners: 0, listener_peak: 2, server_type: 'audio/wav' } })
})

t.test('lists published streams by path, with what their publishers state', async (t) => {
  const server = await startServer(t, [...RAW, '-publish', '-publish-anybody'])
  const fields = 'Content-Type: audio/x-test\r\nIce-Name: T\u00f6ne\r\nice-audio-info: bitrate=96;channels=1\r\n'
  for (const [path, more] of [
    ['/b/c', fields],
    ['/b', ''],
    ['/a', ''],
  ]) {
    connectTo(t, server.port, `PUT ${path} HTTP/1.1\r\nHost: a\r\n${more}\r\n${'1234'.repeat(100)}`)
    await server.logged(new RegExp(`source opened stream=${path} `))
  }
  const sources = sourcesIn(await iceStatsAt(server.url))
  t.strictSame(
    sources.map(({ listenurl }) => new URL(listenurl).pathname),
    ['/a', '/b', '/b/c'],
  )
  t.match(sources[0], { server_name: '/a', bitrate: 0 })
  t.match(sources[2], { server_name: 'T\u00f6ne', server_type: 'audio/x-test', bitrate: 96, 'ice-channels': 1 })
})

t.test('may be read by all clients and by scripts of other sites, and is not cached', async (t) => {
  const server = await startServer(t, ['-demo'])
  for (const method of ['GET', 'HEAD']) {
    const headers = { 'X-Forwarded-For': '198.51.100.7', Origin: 'https://radio.example' }
    const response = await fetch(`${server.url}/status-json.xsl`, { method, headers })
    t.equal(response.status, 200)
    t.match(Object.fromEntries(response.headers), {
      'content-type': 'application/json; charset=UTF-8',
      'access-control-allow-origin': '*',
      'cache-control': /no-store/,
      'content-length': /^\d+$/,
    })
    t.equal((await response.text()) === '', method === 'HEAD')
  }
})

t.test('has the host of the request', async (t) => {
  const server = await startServer(t, ['-demo'])
  await listen(t, server.port).bodyHas(1_000)
  const request = 'GET /status-json.xsl HTTP/1.1\r\nHost: radio.example:8000\r\n\r\n'
  const client = connectTo(t, server.port, request)
  t.match((await client.closed).toString(), '"listenurl":"http://radio.example:8000/"')
})

t.test('is not there with -status=off, nor when a stream has its path', async (t) => {
  const off = await startServer(t, ['-demo', '-status', 'off'])
  t.equal((await fetch(`${off.url}/status-json.xsl`)).status, 404)
  const named = await serve(t, '[/status-json.xsl]\ndemo\n')
  t.match(await listen(t, named.port, '/status-json.xsl').headCame(), /content-type: audio\/wav/i)
})

t.test('lists the FIFOs of a directory by name, in whichever order they were requested', async (t) => {
  const folder = t.testdir()
  const server = await startServer(t, ['-path', folder, '-pcm', 'cd'])
  for (const name of ['north', 'east', 'south']) {
    const writer = openWriter(t, makeFifo(folder, name))
    const listener = listen(t, server.port, `/${name}`)
    writer.write(Buffer.alloc(100_000))
    await listener.bodyHas(1_000)
  }
  t.strictSame(
    sourcesIn(await iceStatsAt(server.url)).map(({ listenurl }) => new URL(listenurl).pathname),
    ['/east', '/north', '/south'],
  )
})
