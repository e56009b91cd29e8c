import t from 'tap'
import { connectTo } from '../client.ts'
import { startServer } from '../streamserve.ts'

/** Requests that cover all kinds of responses. */
const REQUESTS = [
  'GET / HTTP/1.1',
  'HEAD / HTTP/1.1',
  'OPTIONS / HTTP/1.1',
  'POST / HTTP/1.1',
  'GET /nowhere HTTP/1.1',
  'GET /player HTTP/1.1',
  'GET /player/ HTTP/1.1',
  'GET /live.m3u HTTP/1.1',
  'GET /player/?events HTTP/1.1',
  'GET /assets/player.js HTTP/1.1',
  'GET /assets/nothing.js HTTP/1.1',
  'GET /status HTTP/1.1',
  'GET /status.json HTTP/1.1',
  'GET /status/events HTTP/1.1',
  'GET /status/qr.svg HTTP/1.1',
  'GET /talk HTTP/1.1',
  'GET /live/x HTTP/1.1',
  'GET',
]

t.test('sends nosniff with every response', async (t) => {
  const server = await startServer(t, ['-demo', '-talk'])
  for (const line of REQUESTS) {
    const client = connectTo(t, server.port, `${line}\r\nHost: localhost\r\n\r\n`)
    t.match(await client.headCame(), /^X-Content-Type-Options: nosniff$/m, line)
    client.socket.destroy()
  }
})
