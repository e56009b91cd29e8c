import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { connectTo } from '../../client.ts'
import { AUTHORIZATION as A, startWire } from './wire-server.ts'

const BODY = Buffer.from(Array.from({ length: 256 }, (_, at) => at))
const REPEATS = 64 * 1024
const CAPACITY = 1024 * 1024
/** Size of one read. */
const READ_BYTES = 64 * 1024

t.test('does not read from a publisher while the stream cannot take more, and drops nothing', async (t) => {
  const server = await startWire(t)
  const point = server.open('/m')
  point.capacity = CAPACITY
  const client = connectTo(t, server.port, `SOURCE /m HTTP/1.0\r\n${A}\r\n`)
  const body = Buffer.alloc(REPEATS * BODY.length, BODY)
  await client.headCame()
  client.socket.write(body)
  const publication = await point.onAir()
  await publication.has(CAPACITY)
  for (let i = 0; i < 100; i++) await turn()
  t.ok(publication.bytes().length < CAPACITY + READ_BYTES)
  publication.capacity = Number.POSITIVE_INFINITY
  publication.publisher.drained()
  t.ok((await publication.has(body.length)).equals(body))
})

t.test('closes the connection of a publisher that the station disconnects', async (t) => {
  const server = await startWire(t)
  const point = server.open('/m')
  const client = connectTo(t, server.port, `SOURCE /m HTTP/1.0\r\n${A}\r\n`)
  const publication = await point.onAir()
  await client.headCame()
  publication.leave('replaced')
  publication.publisher.ended('replaced')
  await client.closed
  t.equal(await publication.left(), 'replaced')
})
