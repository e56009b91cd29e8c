import { assert, asyncProperty, constantFrom, integer, nat, uint8Array } from 'fast-check'
import t from 'tap'
import { connectTo } from '../../client.ts'
import { AUTHORIZATION as A, startWire } from './wire-server.ts'

const HEADS = [
  `PUT /m HTTP/1.1\r\nHost: x\r\n${A}Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`,
  `SOURCE /m HTTP/1.0\r\n${A}Content-Length: 3\r\nice-name: x\r\n\r\nabc`,
  `SOURCE /m ICE/1.0\n${A}ice-audio-info: bitrate=128;channels=2\n\nID3\x04\0\0\0\0\0\x01x`,
  'hackme:/m\r\nicy-name:x\r\nicy-br:128\r\n\r\nabc',
  `GET /admin/metadata?mode=updinfo&mount=/m&charset=utf-8&artist=%C3%84&song=x HTTP/1.0\r\n${A}\r\n`,
  'GET /admin.cgi?mode=updinfo&pass=hackme:/m&title=%C4&song= HTTP/1.0\r\n\r\n',
]

t.test('survives damaged requests of every form, and ends each connection', async (t) => {
  const server = await startWire(t)
  const point = server.open('/m', { anybody: true })
  const bytes = uint8Array({ minLength: 0, maxLength: 6 })
  await assert(
    asyncProperty(
      constantFrom(...HEADS),
      nat(400),
      integer({ min: 0, max: 8 }),
      bytes,
      async (head, at, removed, put) => {
        const whole = Buffer.from(head)
        const damaged = Buffer.concat([whole.subarray(0, at), put, whole.subarray(at + removed)])
        const client = connectTo(t, server.port, '')
        client.socket.end(damaged)
        await client.closed
      },
    ),
    { numRuns: 400 },
  )
  t.strictSame(
    server.log.lines().filter((line) => line.startsWith('error')),
    [],
  )
  t.equal(point.publication, undefined, 'all publishers have left')
})
