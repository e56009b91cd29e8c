import { once } from 'node:events'
import { connect } from 'node:net'
import t, { type Test } from 'tap'
import { type Client, connectTo } from '../../client.ts'
import { numberBytes, numbers } from '../../feeders.ts'
import { makeFifo, openWriter } from '../../fifos.ts'
import { type Server, startServer } from '../../streamserve.ts'
import { securely, startSecure } from '../../tls/secure.ts'

const SAMPLES = ['-pcm', 'cd', '-exec', ...numbers()]

t.setTimeout(120_000)

/** Sends a request and half-closes at once, as `nc -N` and socat do when their input ends. */
function askAndClose({ port }: Server, path: string, t: Test, reach = plainly): Client {
  const client = connectTo(t, port, '', reach)
  client.socket.end(`GET ${path} HTTP/1.0\r\n\r\n`)
  return client
}

const plainly = (port: number) => connect({ port, host: '127.0.0.1', allowHalfOpen: true })

for (const [what, start, reach] of [
  ['HTTP', startServer, plainly],
  ['HTTPS', startSecure, securely],
] as const) {
  t.test(`serves a client that closes its half with the request, over ${what}`, async (t) => {
    const server = await start(t, SAMPLES)
    const sound = askAndClose(server, '/', t, reach)
    for (const [path, expected] of [
      ['/status.json', '"streams"'],
      ['/player/', '<!doctype html>'],
      ['/live.m3u', '#EXTM3U'],
      ['/assets/player.js', 'import'],
      ['/nowhere', 'no stream at this path'],
    ] as const) {
      t.match(String(await askAndClose(server, path, t, reach).closed), expected, path)
    }
    const { length } = await sound.bodyHas(1)
    await sound.bodyHas(length + 20_000)
    t.equal(server.count(/listener disconnected/), 0, 'it is still a listener')
  })
}

t.test('serves a client that closes its half before the first frame', async (t) => {
  const directory = t.testdir()
  const fifo = makeFifo(directory, 'late')
  const server = await startServer(t, ['-pcm', 'cd', '-path', directory])
  const client = askAndClose(server, '/late', t)
  await server.logged(/listener connected/)
  const writer = openWriter(t, fifo)
  writer.write(numberBytes(0, 64))
  t.ok((await client.bodyHas(300)).subarray(44, 300).equals(numberBytes(0, 64)))
})

t.test('detects at a write that a client with a closed half has disconnected', async (t) => {
  const server = await startServer(t, ['-close-idle', ...SAMPLES])
  const client = askAndClose(server, '/', t)
  await client.bodyHas(1)
  client.socket.destroy()
  await server.logged(/listener disconnected/)
  await server.logged(/source closed/)
})

t.test('disconnects a client that closes its half while the source is quiet', async (t) => {
  const directory = t.testdir()
  const fifo = makeFifo(directory, 'quiet')
  const server = await startServer(t, ['-close-idle', '-pcm', 'cd', '-path', directory])
  const client = connectTo(t, server.port, 'GET /quiet HTTP/1.0\r\n\r\n', plainly)
  openWriter(t, fifo).write(numberBytes(0, 64))
  await client.bodyHas(44)
  // Longer than the maximum delay of a FIN that belongs to the request.
  await new Promise((resolve) => setTimeout(resolve, 700))
  client.socket.end()
  await server.logged(/listener disconnected/)
  await server.logged(/source closed.*no listeners/)
})

t.test('ends the event stream of a client that closes its half later', async (t) => {
  const server = await startServer(t, SAMPLES)
  const news = connectTo(t, server.port, 'GET /player/?events HTTP/1.0\r\n\r\n', plainly)
  await news.bodyHas(1)
  await new Promise((resolve) => setTimeout(resolve, 700))
  news.socket.end()
  await once(news.socket, 'close')
  t.pass('closed')
})
