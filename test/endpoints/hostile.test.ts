import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { areConsecutive, numbers, numbersIn } from '../feeders.ts'
import { type Server, startServer } from '../streamserve.ts'
import { sampleBytes, speak, TOKEN } from './live/live-publisher.ts'
import { type LowListener, listenLow } from './low/low-listener.ts'

/* Clients that send invalid data are closed with one close code, and other clients are not affected. */

t.setTimeout(180_000)

const FLAGS = ['-talk', '-live-token', TOKEN, '-pcm', 'cd', '-exec', ...numbers()]
const HELLO = JSON.stringify({ type: 'hello', token: TOKEN, me: 'hostile-one', rate: 48_000 })

/** Opens a WebSocket connection on which the test writes frames byte by byte. */
async function shake(t: Test, server: Server, path: string): Promise<Socket> {
  const socket = connect({ port: server.port, host: '127.0.0.1' })
  t.teardown(() => socket.destroy())
  socket.on('error', () => {})
  const key = randomBytes(16).toString('base64')
  const fields = ['Host: x', 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13']
  socket.write(`GET ${path} HTTP/1.1\r\n${fields.join('\r\n')}\r\nSec-WebSocket-Key: ${key}\r\n\r\n`)
  await once(socket, 'data')
  return socket
}

/** A client frame, with a mask of zeros. */
function frame(first: number, payload: Buffer): Buffer {
  const { length } = payload
  const short = length < 126 ? Buffer.from([0x80 | length]) : Buffer.from([0x80 | 126, length >> 8, length & 0xff])
  return Buffer.concat([Buffer.from([first]), short, Buffer.alloc(4), payload])
}

/** Code of the close frame at the end; undefined when the connection closes without one. It is not answered. */
function closeCode(socket: Socket): Promise<number | undefined> {
  let last = Buffer.alloc(0)
  return new Promise((resolve) => {
    socket.on('close', () => resolve(undefined))
    socket.on('data', (chunk: Buffer) => {
      last = Buffer.concat([last, chunk]).subarray(-200)
      for (let at = last.length - 4; at >= 0; at--) {
        if (last[at] !== 0x88 || last[at + 1] !== last.length - at - 2) continue
        resolve(last.readUInt16BE(at + 2))
        socket.destroy()
      }
    })
  })
}

const ATTACKS: Readonly<Record<string, { send: (socket: Socket) => void; codes: readonly (number | undefined)[] }>> = {
  'a frame that is not masked': { send: (socket) => socket.write(Buffer.from([0x81, 1, 0x61])), codes: [1002] },
  'reserved bits': { send: (socket) => socket.write(frame(0xf1, Buffer.from('a'))), codes: [1002] },
  'an unknown opcode': { send: (socket) => socket.write(frame(0x83, Buffer.from('a'))), codes: [1002] },
  'the middle of a message without its beginning': {
    send: (socket) => socket.write(frame(0x80, Buffer.from('a'))),
    codes: [1002],
  },
  'a ping that is too long': { send: (socket) => socket.write(frame(0x89, Buffer.alloc(200))), codes: [1002] },
  'text that is no UTF-8': { send: (socket) => socket.write(frame(0x81, Buffer.from([0xff, 0xfe]))), codes: [1007] },
  'a message of 2^62 bytes': {
    send: (socket) => socket.write(Buffer.from([0x82, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])),
    codes: [1009],
  },
  'a message of 66 kB': {
    send: (socket) => {
      const head = Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0])
      socket.write(Buffer.concat([head, Buffer.alloc(66_048)]))
    },
    codes: [1009],
  },
  'a message in thousands of pieces': {
    send: (socket) => {
      socket.write(frame(0x02, Buffer.from('a')))
      for (let i = 0; i < 2000; i++) socket.write(frame(0x00, Buffer.from('a')))
    },
    codes: [1008],
  },
  'a flood of short texts': {
    send: (socket) => {
      for (let i = 0; i < 5000; i++) socket.write(frame(0x81, Buffer.from('?')))
    },
    codes: [1008, 1003],
  },
  'a flood of pings': {
    send: (socket) => {
      for (let i = 0; i < 5000; i++) socket.write(frame(0x89, Buffer.alloc(0)))
    },
    codes: [1008],
  },
  'bytes before a hello': { send: (socket) => socket.write(frame(0x82, Buffer.from('abc'))), codes: [1003] },
  noise: { send: (socket) => socket.write(randomBytes(100_000)), codes: [1002, 1007, 1008, 1009, 1003, undefined] },
}

/** A listener and a publisher that must not be affected. */
async function others(t: Test, server: Server): Promise<{ low: LowListener; fine: () => Promise<void> }> {
  const low = listenLow(t, `ws://127.0.0.1:${server.port}/?low`)
  const speaker = speak(t, server, 'kitchen')
  await speaker.onAir()
  speaker.opened.send(sampleBytes(0, 512))
  const heard = listenLow(t, `ws://127.0.0.1:${server.port}/kitchen?low`)
  await heard.has(1024)
  let said = 1
  return {
    low,
    async fine() {
      speaker.opened.send(sampleBytes(512 * said, 512))
      await heard.has(1024 * ++said)
      await low.has(low.samples().length + 4000)
      t.ok(areConsecutive(numbersIn(low.samples())))
    },
  }
}

t.test('serves all others beside hostile WebSockets', async (t) => {
  const server = await startServer(t, FLAGS)
  const { fine } = await others(t, server)
  for (const path of ['/?low', '/live/garage']) {
    for (const [name, { send, codes }] of Object.entries(ATTACKS)) {
      const socket = await shake(t, server, path)
      const code = closeCode(socket)
      send(socket)
      const found = await code
      t.ok(codes.includes(found), `${path}: ${name}: ${found}`)
    }
    await fine()
  }
})

t.test('disconnects a publisher that is faster than real time, and listeners of others lose nothing', async (t) => {
  const server = await startServer(t, FLAGS)
  const { fine } = await others(t, server)
  const socket = await shake(t, server, '/live/garage')
  const code = closeCode(socket)
  socket.write(frame(0x81, Buffer.from(HELLO)))
  await server.logged(/publisher connected stream=\/garage/)
  for (let i = 0; i < 100; i++) socket.write(frame(0x82, Buffer.alloc(32_000)))
  t.equal(await code, 1008)
  await server.logged(/publisher disconnected stream=\/garage .*reason="too many messages or bytes"/)
  await fine()
})

t.test('refuses malformed greetings', async (t) => {
  const server = await startServer(t, FLAGS)
  const right = { type: 'hello', token: TOKEN, me: 'somebody', rate: 48_000 }
  const wrong: readonly unknown[] = [
    null,
    17,
    [],
    {},
    { ...right, type: 'bye' },
    { ...right, token: 17 },
    { ...right, token: 'x'.repeat(1000) },
    { ...right, me: '' },
    { ...right, me: 'a/b/c/d/e' },
    { ...right, rate: 0 },
    { ...right, rate: 1e9 },
    { ...right, rate: 44_100.5 },
    { ...right, rate: '48000' },
  ]
  for (const hello of wrong) {
    const socket = await shake(t, server, '/live/garage')
    socket.write(frame(0x81, Buffer.from(JSON.stringify(hello))))
    t.equal(await closeCode(socket), 1003, JSON.stringify(hello).slice(0, 60))
  }
  const twice = await shake(t, server, '/live/garage')
  twice.write(frame(0x81, Buffer.from(HELLO)))
  twice.write(frame(0x81, Buffer.from(HELLO)))
  t.equal(await closeCode(twice), 1003)
})
