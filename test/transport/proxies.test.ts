import { connect as connectTls } from 'node:tls'
import t, { type Test } from 'tap'
import { connectTo } from '../client.ts'
import { type Server, startServer } from '../streamserve.ts'
import { openProgram } from '../threads/program-parts.ts'
import { headerV2, TCP4, tlv } from './proxy/headers.ts'

const STREAM = 'GET / HTTP/1.1\r\nHost: localhost\r\n'
const V1 = 'PROXY TCP4 203.0.113.9 192.0.2.1 4711 80\r\n'

/** Starts a program that believes this machine's proxies. */
async function start(t: Test, ...flags: readonly string[]): Promise<Server> {
  return startServer(t, ['-demo', '-debug', '-trusted-proxies', '127.0.0.1,198.51.100.0/24', ...flags])
}

t.test('logs the right-most client that is not a trusted proxy', async (t) => {
  const server = await start(t)
  const fields = 'X-Forwarded-For: 192.168.0.1, 203.0.113.5, 198.51.100.9\r\n'
  await connectTo(t, server.port, `${STREAM}${fields}\r\n`).bodyHas(1)
  await server.logged(/listener connected.* client=203\.0\.113\.5 proxy=127\.0\.0\.1:\d+/)
})

t.test('logs the client that the PROXY protocol reports, in both versions', async (t) => {
  const server = await start(t)
  await connectTo(t, server.port, `${V1}${STREAM}\r\n`).bodyHas(1)
  await server.logged(/listener connected.* client=203\.0\.113\.9:4711 proxy=127\.0\.0\.1:\d+/)
  const client = connectTo(t, server.port, '')
  client.socket.write(headerV2(0x21, 0x11, TCP4))
  client.socket.write(`${STREAM}\r\n`)
  await client.bodyHas(1)
  await server.loggedTimes(/listener connected.* client=203\.0\.113\.9:4711 proxy=/, 2)
})

t.test('reads the PROXY protocol byte by byte, and before TLS', async (t) => {
  const server = await start(t, '-tls')
  const slow = connectTo(t, server.port, '')
  slow.socket.setNoDelay(true)
  for (const byte of `${V1}${STREAM}\r\n`)
    await new Promise<void>((resolve) => slow.socket.write(byte, () => resolve()))
  await slow.bodyHas(1)
  const raw = connectTo(t, server.port, '')
  raw.socket.removeAllListeners('data')
  raw.socket.write(V1)
  const secure = connectTo(t, server.port, `${STREAM}\r\n`, () =>
    connectTls({ socket: raw.socket, rejectUnauthorized: false }),
  )
  await secure.bodyHas(1)
  await server.loggedTimes(/listener connected.* client=203\.0\.113\.9:4711 proxy=/, 2)
})

t.test('lets a trusted proxy leave the header out, or speak for itself', async (t) => {
  const server = await start(t)
  for (const header of ['', 'PROXY UNKNOWN\r\n', headerV2(0x20, 0, Buffer.alloc(0)).toString('latin1')]) {
    const client = connectTo(t, server.port, '')
    client.socket.write(Buffer.from(`${header}${STREAM}\r\n`, 'latin1'))
    await client.bodyHas(1)
  }
  await server.loggedTimes(
    /listener connected.* client=127\.0\.0\.1:\d+ agent|listener connected.* client=127\.0\.0\.1:\d+/,
    3,
  )
})

t.test('refuses the PROXY protocol of all other peers, and malformed headers, in one line', async (t) => {
  const [trusting, other] = [await start(t), await startServer(t, ['-demo'])]
  const refused = async ({ port }: Server, text: string) => {
    const client = connectTo(t, port, '')
    client.socket.write(Buffer.from(text, 'latin1'))
    return [client, String(await client.closed)] as const
  }
  for (const text of [`${V1}${STREAM}\r\n`, headerV2(0x21, 0x11, TCP4).toString('latin1')]) {
    const [client, body] = await refused(other, text)
    t.match(client.head(), /^HTTP\/1\.1 400 /)
    t.equal(body, 'the PROXY protocol is accepted only from addresses of -trusted-proxies\n')
  }
  for (const text of ['PROXY TCP4 x\r\n', headerV2(0x29, 0x11, TCP4).toString('latin1'), `PROXY ${'x'.repeat(200)}`]) {
    const [client, body] = await refused(trusting, text)
    t.match(client.head(), /^HTTP\/1\.1 400 /)
    t.match(body, /^the PROXY header [^\n]+\n$/)
  }
})

t.test('counts as local what a trusted proxy reports as local, at a local name', async (t) => {
  const server = await start(t)
  const status = async (fields: string, before = '') => {
    const client = connectTo(t, server.port, `${before}GET /status.json HTTP/1.1\r\n${fields}\r\n`)
    await client.closed
    return Number(client.head().slice(9, 12))
  }
  t.equal(await status('Host: localhost\r\n'), 200)
  t.equal(await status('Host: localhost\r\nX-Forwarded-For: 192.168.1.5\r\n'), 200)
  t.equal(await status('Host: localhost\r\n', 'PROXY TCP4 192.168.1.5 192.168.1.1 1 2\r\n'), 200)
  t.equal(await status('Host: localhost\r\nX-Forwarded-For: 203.0.113.9\r\n'), 403)
  t.equal(await status('Host: localhost\r\n', V1), 403)
  t.equal(await status('Host: localhost\r\nX-Forwarded-For: 192.168.1.5, 203.0.113.9\r\n'), 403)
  t.equal(await status('Host: radio.example\r\nX-Forwarded-For: 192.168.1.5\r\n'), 403)
  t.equal(await status('Host: localhost\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-For: 192.168.1.5\r\n'), 403)
  t.equal(await status('Host: localhost\r\nVia: 1.1 x\r\n'), 403)
})

t.test('shows https in addresses when the PROXY protocol reports TLS', async (t) => {
  const server = await start(t)
  const playlist = async (header: Buffer) => {
    const client = connectTo(t, server.port, '')
    client.socket.write(Buffer.concat([header, Buffer.from('GET /live.m3u HTTP/1.1\r\nHost: radio.example\r\n\r\n')]))
    return String(await client.closed)
  }
  const secure = headerV2(0x21, 0x11, Buffer.concat([TCP4, tlv(0x20, [1, 0, 0, 0, 0])]))
  t.match(await playlist(secure), /https:\/\/radio\.example/)
  t.match(await playlist(headerV2(0x21, 0x11, TCP4)), /http:\/\/radio\.example/)
})

t.test('delivery threads believe the same proxies, and pass clients on', async (t) => {
  const house = await openProgram(t, ['-path', '/dev/zero', '-pcm', 's16le:8000:1', '-trusted-proxies', '127.0.0.1'])
  const { port } = await house.start()
  connectTo(t, port, `${STREAM}X-Forwarded-For: 203.0.113.5\r\n\r\n`)
  await house.logged(/listener connected .*client=203\.0\.113\.5 /)
  connectTo(t, port, `${V1}${STREAM}\r\n`)
  await house.logged(/listener connected .*client=203\.0\.113\.9:4711 /)
  const refused = connectTo(t, port, 'PROXY x\r\n')
  await refused.closed
  t.match(refused.head(), /400/)
})
