import t, { type Test } from 'tap'
import type { Page } from '../../src/endpoints/page.ts'
import { createPages } from '../../src/endpoints/pages.ts'
import { systemClock } from '../../src/system/clock.ts'
import { createFrontDoor } from '../../src/transport/front-door.ts'
import { addressOf, bind } from '../../src/transport/listening.ts'
import { connectTo, listen } from '../client.ts'
import { keepLog } from '../kept-log.ts'

const log = keepLog()
const HANDSHAKE =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n'

/** Starts a front door with these pages only; paths that begin with `/stream` are streams. @returns its port */
async function open(t: Test, own: readonly Page[], ofStreams: readonly Page[] = []): Promise<number> {
  const delegate = createPages({ own, ofStreams }, systemClock, log.logger)
  const door = createFrontDoor(
    {
      timeoutMs: 5_000,
      secure: undefined,
      handle(request, socket) {
        const isStream = request.path.startsWith('/stream')
        if (!delegate({ request, socket, isStream })) socket.end('HTTP/1.1 404 Not Found\r\n\r\n')
      },
    },
    () => {},
    systemClock,
    log.logger,
  )
  await bind(door.server, { host: '127.0.0.1', port: 0 })
  t.teardown(async () => {
    door.shut()
    await door.breakAll()
  })
  return addressOf(door.server).port
}

/** A page at one path that responds with its request. */
function tellsOf(path: string, more: Partial<Page> = {}): Page {
  return {
    owns: (other) => other === path,
    answer: ({ path: asked, isStream, query, remoteAddress, isSecure }, response) => {
      response.end(JSON.stringify({ path: asked, isStream, query: String(query), remoteAddress, isSecure }))
    },
    ...more,
  }
}

t.test('passes a page the request and its client', async (t) => {
  const port = await open(t, [tellsOf('/ä b')])
  const client = listen(t, port, '/%C3%A4%20b?one=1&two=%20')
  t.strictSame(JSON.parse(String(await client.closed).replace(/^\w+\r\n|\r\n0\r\n\r\n$/g, '')), {
    path: '/ä b',
    isStream: false,
    query: 'one=1&two=+',
    remoteAddress: '127.0.0.1',
    isSecure: false,
  })
})

t.test('accepts one request per connection', async (t) => {
  let times = 0
  const page = tellsOf('/', {
    answer(_, response) {
      times++
      response.setHeader('Content-Length', 2)
      response.end('ok')
    },
  })
  const port = await open(t, [page])
  const request = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n'
  const client = connectTo(t, port, request.repeat(5))
  t.equal(String(await client.closed), 'ok')
  t.match(client.head(), /^Connection: close$/m)
  t.equal(times, 1)
})

t.test('sends no body for HEAD', async (t) => {
  const port = await open(t, [tellsOf('/')])
  const client = connectTo(t, port, 'HEAD / HTTP/1.0\r\n\r\n')
  t.equal((await client.closed).length, 0)
  t.match(client.head(), /^HTTP\/1\.1 200 /)
})

t.test('responds with 500 and logs the error when a page throws, and serves all others', async (t) => {
  const fault = new Error('a fault of the page')
  const pages: Page[] = [
    tellsOf('/now', {
      answer() {
        throw fault
      },
    }),
    tellsOf('/later', {
      async answer(_, response) {
        response.setHeader('X-Secret', 'half done')
        await Promise.reject(fault)
      },
    }),
    tellsOf('/half', {
      answer(_, response) {
        response.write('a beginning')
        throw fault
      },
    }),
    tellsOf('/twice', {
      answer(_, response) {
        response.end('an end')
        response.write('and more')
      },
    }),
    tellsOf('/good'),
  ]
  const port = await open(t, pages)
  for (const path of ['/now', '/later']) {
    const client = listen(t, port, path)
    t.match(String(await client.closed), 'internal error')
    t.match(client.head(), /^HTTP\/1\.1 500 /)
    t.notMatch(client.head(), /X-Secret/)
    t.match(log.records.at(-1)?.properties, { path, error: 'Error: a fault of the page' })
  }
  await listen(t, port, '/half').closed
  await listen(t, port, '/twice').closed
  t.match(String(await listen(t, port, '/good').closed), '/good')
})

t.test('passes a WebSocket handshake to the first page that accepts some, or refuses it', async (t) => {
  const opens: Page = tellsOf('/stream', {
    upgrade({ path, message }, socket) {
      socket.end(`HTTP/1.1 101 Switching Protocols\r\n\r\n${path} ${message.headers.upgrade}`)
    },
  })
  const port = await open(t, [tellsOf('/plain')], [tellsOf('/stream'), opens])
  const opened = listen(t, port, '/stream', HANDSHAKE)
  t.equal(String(await opened.closed), '/stream websocket')
  const plain = listen(t, port, '/stream')
  t.match(String(await plain.closed), '"isStream":true')
  const refused = listen(t, port, '/plain', HANDSHAKE)
  t.match(String(await refused.closed), 'this path is not a WebSocket')
  t.match(refused.head(), /^HTTP\/1\.1 400 /)
})

t.test('keeps bytes that arrive right after a handshake', async (t) => {
  const page = tellsOf('/', {
    upgrade(_, socket, head) {
      socket.unshift(head)
      socket.on('data', (chunk: Buffer) => socket.end(`HTTP/1.1 101 Switching Protocols\r\n\r\n${String(chunk)}`))
    },
  })
  const port = await open(t, [page])
  const client = connectTo(t, port, `GET / HTTP/1.1\r\nHost: x\r\n${HANDSHAKE}\r\nfirst frame`)
  t.equal(String(await client.closed), 'first frame')
})

t.test('closes the connection and logs the error when a handshake fails', async (t) => {
  const port = await open(t, [tellsOf('/', { upgrade: () => Promise.reject(new Error('a fault of the page')) })])
  await listen(t, port, '/', HANDSHAKE).closed
  t.match(log.lines().at(-1), 'error WebSocket handshake failed')
})
