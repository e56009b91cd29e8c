import fc from 'fast-check'
import t from 'tap'
import { SourceError } from '../../../src/source/source.ts'
import { until } from '../../processes.ts'
import { reset } from '../../reset.ts'
import { ok, readOpening, relayOf, startUpstream } from './upstream.ts'

const ANSWERS: readonly string[] = [
  `ICY 200 OK\r\nicy-metaint:20\r\nicy-name:x\r\n\r\n${'s'.repeat(20)}\u0002StreamTitle='abcdefghijklmno';\0\0${'s'.repeat(500)}`,
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n',
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and more',
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nbytes of another protocol',
  'HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n',
  `${ok('Content-Type: audio/x-mpegurl\r\n')}#EXTM3U\n/x\n`,
]

/** An answer in which bytes are replaced, and where and how it ends. */
const HOSTILE = fc.record({
  answer: fc.constantFrom(...ANSWERS),
  changes: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
  length: fc.option(fc.nat({ max: 600 })),
  isReset: fc.boolean(),
})

t.test('any answer is sound or one failure, and no connection is left', async (t) => {
  let bytes = Buffer.alloc(0)
  let isReset = false
  const upstream = await startUpstream(t, (socket) => {
    socket.write(bytes, () => (isReset ? reset(socket) : socket.end()))
  })
  const hostile = fc.asyncProperty(HOSTILE, async (given) => {
    bytes = Buffer.from(given.answer, 'latin1')
    for (const [at, byte] of given.changes) bytes[at % bytes.length] = byte
    bytes = bytes.subarray(0, given.length ?? bytes.length)
    isReset = given.isReset
    const result = await readOpening(relayOf([upstream.url])).catch((error: unknown) => error)
    return !(result instanceof Error) || (result instanceof SourceError && !result.message.includes('\n'))
  })
  await fc.assert(hostile, { numRuns: 400 })
  await until('all is disconnected', () => upstream.sockets.size === 0)
})
