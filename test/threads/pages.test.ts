import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import t, { type Test } from 'tap'
import type { Page } from '../../src/endpoints/page.ts'
import { connectTo, listen } from '../client.ts'
import { needsProc, until } from '../processes.ts'
import { isTrusted, listenSecurely, localPair } from '../tls/secure.ts'
import { openProgram } from './program-parts.ts'

const RAW = ['-frame-filter', 'raw', '-frame-bytes', '4']
const HANDSHAKE = 'Connection: Upgrade\r\nUpgrade: websocket\r\n'
const MEGABYTE = 1024 * 1024
const LARGE_BYTES = 64 * MEGABYTE
/** More than the system holds for one connection on its way through a thread. */
const STUCK_BYTES = 32 * MEGABYTE

/** Responds with the address of the client. */
const WHO: Page = {
  owns: (path) => path === '/who',
  answer: ({ remoteAddress, isSecure }, response) => {
    response.setHeader('Content-Length', 100)
    response.end(`${remoteAddress} ${isSecure}`.padEnd(100))
  },
}

/** Passes its connections to the test. */
function handsOver(): Page & { readonly taken: Duplex[] } {
  const taken: Duplex[] = []
  return {
    taken,
    owns: (path) => path === '/socket',
    answer: (_, response) => void response.end(),
    upgrade(_, socket) {
      socket.on('error', () => {})
      socket.on('end', () => socket.end())
      socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n')
      taken.push(socket)
    },
  }
}

function from(localAddress: string): (port: number) => Socket {
  return (port) => connect({ port, host: '127.0.0.1', localAddress })
}

/** Both ends of a connection through a thread. */
async function openThrough(t: Test) {
  const page = handsOver()
  const parts = await openProgram(t, RAW, { pages: [page] })
  const { port } = await parts.start()
  const client = listen(t, port, '/socket', HANDSHAKE)
  await client.headCame()
  const [socket] = page.taken
  if (socket === undefined) throw new Error('there is no connection')
  return { parts, client, socket, port, page }
}

t.test('a thread forwards requests for pages, with the address of the client', async (t) => {
  const parts = await openProgram(t, RAW, { pages: [WHO] })
  const { port } = await parts.start()
  for (const address of ['127.0.0.1', '127.0.0.2']) {
    const client = listen(t, port, '/who', '', from(address))
    t.equal(String(await client.closed).trim(), `${address} false`)
  }
})

t.test('a client cannot forge its address', async (t) => {
  const parts = await openProgram(t, RAW, { pages: [WHO] })
  const { port } = await parts.start()
  const line = '{"address":"192.0.2.1","port":1,"isSecure":true}\n'
  const client = listen(t, port, '/who', 'X-Forwarded-For: 192.0.2.1\r\nForwarded: for=192.0.2.1\r\n')
  t.equal(String(await client.closed).trim(), '127.0.0.1 false')
  const before = connectTo(t, port, `${line}GET /who HTTP/1.1\r\nHost: x\r\n\r\n`)
  t.match(String(await before.closed), 'the request line must be')
  const behind = connectTo(t, port, `GET /who HTTP/1.1\r\nHost: x\r\n\r\n${line}`)
  t.equal(String(await behind.closed).trim(), '127.0.0.1 false')
})

t.test('a thread refuses unknown paths like the main thread', async (t) => {
  const parts = await openProgram(t, RAW, { pages: [WHO] })
  const { port } = await parts.start()
  for (const text of [
    'GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n',
    'HEAD /nowhere HTTP/1.0\r\n\r\n',
    'POST /who HTTP/1.1\r\nHost: x\r\n\r\n',
    'OPTIONS /who HTTP/1.1\r\nHost: x\r\n\r\n',
  ]) {
    const [there, here] = [connectTo(t, port, text), connectTo(t, parts.port, text)]
    await Promise.all([there.closed, here.closed])
    t.equal(undated(there.received()), undated(here.received()), text)
  }
})

function undated(answer: Buffer): string {
  return String(answer).replace(/^Date: .*$/m, '')
}

t.test('a thread forwards bytes in both directions, and the end of each side', async (t) => {
  const { client, socket, port, page } = await openThrough(t)
  client.socket.write('from afar')
  t.equal(String((await once(socket, 'data'))[0]), 'from afar')
  socket.write('from here')
  t.equal(String(await client.bodyHas(9)), 'from here')
  client.socket.destroy()
  await once(socket, 'close')

  const second = listen(t, port, '/socket', HANDSHAKE)
  await second.headCame()
  page.taken.at(-1)?.end('farewell')
  t.equal(String(await second.closed), 'farewell')
})

t.test('a page that is faster than its client waits for it', async (t) => {
  const { client, socket } = await openThrough(t)
  client.socket.pause()
  const chunk = Buffer.alloc(MEGABYTE, 'x')
  let written = 0
  while (written < LARGE_BYTES && (await isTaken(socket, chunk))) written += chunk.length
  t.ok(written < STUCK_BYTES, `${written} bytes are on their way`)
  client.socket.resume()
  await client.bodyHas(written + chunk.length)
})

t.test('a client that is faster than its page waits for it', async (t) => {
  const { client, socket } = await openThrough(t)
  socket.pause()
  const chunk = Buffer.alloc(MEGABYTE, 'x')
  let written = 0
  while (written < LARGE_BYTES && (await isTaken(client.socket, chunk))) written += chunk.length
  t.ok(written < STUCK_BYTES, `${written} bytes are on their way`)
  let read = 0
  socket.on('data', (bytes: Buffer) => {
    read += bytes.length
  })
  socket.resume()
  await until('all have come', () => read === written + chunk.length)
})

t.test('connections through a thread leave no descriptor behind', { skip: needsProc }, async (t) => {
  const parts = await openProgram(t, RAW, { pages: [WHO] })
  const { port } = await parts.start()
  const visit = () => Promise.all(Array.from({ length: 20 }, () => listen(t, port, '/who').closed))
  await visit()
  const before = descriptors()
  for (let round = 0; round < 10; round++) await visit()
  await until('all descriptors are closed', () => descriptors() <= before)
})

function descriptors(): number {
  return readdirSync('/proc/self/fd').length
}

t.test('a thread serves HTTPS too, with the current certificate', async (t) => {
  const [pair, next] = await Promise.all([localPair(), localPair()])
  const parts = await openProgram(t, [...RAW, '-reopen=false'], { pages: [WHO], pair })
  const { port } = await parts.start()
  t.equal(String(await listenSecurely(t, port, '/who').closed).trim(), '127.0.0.1 true')
  const listener = listenSecurely(t, port)
  await parts.has(1)
  parts.source.give(Buffer.from('abcdefgh'))
  parts.source.end()
  t.equal(String(await listener.closed), 'abcdefgh')

  parts.threads.useCertificate(next)
  // The thread is notified by a message, which arrives before any later request.
  await listen(t, port, '/who').closed
  t.ok(await isTrusted(t, port, next.cert))
  t.ok(await isTrusted(t, (await parts.start()).port, next.cert), 'and one that starts later')
})

/** Writes; returns false when the write does not complete within a second. */
async function isTaken(socket: Duplex, chunk: Buffer): Promise<boolean> {
  if (socket.write(chunk)) return true
  const tooLong = new AbortController()
  const timer = setTimeout(() => tooLong.abort(), 1_000)
  try {
    await once(socket, 'drain', { signal: tooLong.signal })
    return true
  } catch {
    return false
  } finally {
    clearTimeout(timer)
  }
}
