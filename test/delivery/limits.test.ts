import t from 'tap'
import { listen } from '../client.ts'
import { numberBytes, numbersIn } from '../feeders.ts'
import { startServer } from '../streamserve.ts'
import { MP3_FRAME_BYTES, plainFrames } from './plain-mp3.ts'
import { feed, visitOf } from './visits.ts'

const RAW = ['-frame-filter', 'raw', '-frame-bytes', '64']

t.test('ends a response with the frame that reaches -client-max-bytes', async (t) => {
  for (const [max, bytes] of [
    [1, 64],
    [64, 64],
    [65, 128],
    [1000, 1024],
  ]) {
    const server = await startServer(t, [...RAW, '-client-max-bytes', String(max)], { stdin: 'pipe' })
    const client = listen(t, server.port)
    await client.headCame()
    feed(server, numberBytes(0, 16 * 100))
    const got = await client.closed
    t.equal(got.length, bytes, `${max} bytes at least`)
    t.equal(numbersIn(got)[0], 0)
    t.strictSame(await visitOf(server, client), { bytes, frames: got.length / 64, skipped: 0, reason: 'byte limit' })
  }
})

t.test('applies -client-max-bytes for any sizes of chunks', async (t) => {
  const server = await startServer(t, [...RAW, '-client-max-bytes', '1000', '-max-delay', '0'], { stdin: 'pipe' })
  const client = listen(t, server.port)
  await client.headCame()
  for (let frame = 0; frame < 16; frame++) {
    feed(server, numberBytes(frame * 16, 16))
    await client.bodyHas((frame + 1) * 64)
  }
  t.equal((await client.closed).length, 1024)
})

t.test('does not count the header of the source for -client-max-bytes', async (t) => {
  const server = await startServer(t, [...RAW, '-client-max-bytes', '128', '-header-bytes', '400'], { stdin: 'pipe' })
  const client = listen(t, server.port)
  await client.headCame()
  feed(server, Buffer.concat([Buffer.alloc(400, 'h'), numberBytes(0, 160)]))
  const got = await client.closed
  t.ok(got.equals(Buffer.concat([Buffer.alloc(400, 'h'), numberBytes(0, 32)])))
})

t.test('cuts a burst of MP3 between two frames at -client-max-bytes', async (t) => {
  const server = await startServer(t, ['-client-max-bytes', '1000'], { stdin: 'pipe' })
  const frames = plainFrames(100, 3)
  const first = listen(t, server.port)
  feed(server, Buffer.concat(frames))
  t.ok((await first.closed).equals(Buffer.concat(frames.slice(0, 3))))
  const second = listen(t, server.port)
  t.equal((await second.closed).length, 3 * MP3_FRAME_BYTES)
})

/** A source that is faster than any listener, and a periodic log line as a measure of time. */
const FLOOD = ['-frame-filter', 'raw', '-frame-bytes', '4096', '-path', '/dev/zero', '-stat-log-interval', '100ms']

t.test('disconnects only a listener that reads nothing after -client-timeout', async (t) => {
  const server = await startServer(t, [...FLOOD, '-client-timeout', '500ms'])
  const stalled = listen(t, server.port)
  const slow = listen(t, server.port)
  await Promise.all([stalled.headCame(), slow.headCame()])
  stalled.socket.pause()
  // Reads a little, repeatedly.
  slow.socket.pause()
  for (let times = 2; times <= 12; times++) {
    await server.loggedTimes(/statistics/, times)
    const before = slow.received().length
    slow.socket.resume()
    await slow.bodyHas(before + 1024 * 1024)
    slow.socket.pause()
  }
  const visit = await visitOf(server, stalled)
  t.equal(visit.reason, 'write timeout')
  t.equal(visit.bytes, visit.frames * 4096)
  t.equal(server.count(/listener disconnected/), 1, 'the slow one is still there')
})

t.test('disconnects a listener that sends but reads nothing', async (t) => {
  const server = await startServer(t, [...FLOOD, '-client-timeout', '500ms'])
  const stalled = listen(t, server.port)
  await stalled.headCame()
  stalled.socket.pause()
  const chatter = setInterval(() => stalled.socket.write('x'), 50)
  t.teardown(() => clearInterval(chatter))
  t.equal((await visitOf(server, stalled)).reason, 'write timeout')
})

t.test('keeps a listener while there is nothing to send', async (t) => {
  const flags = [...RAW, '-client-timeout', '100ms', '-stat-log-interval', '100ms']
  const server = await startServer(t, flags, { stdin: 'pipe' })
  const client = listen(t, server.port)
  await client.headCame()
  feed(server, numberBytes(0, 16))
  await client.bodyHas(64)
  await server.loggedTimes(/statistics/, server.count(/statistics/) + 6)
  feed(server, numberBytes(16, 16))
  t.equal(numbersIn(await client.bodyHas(128)).at(-1), 31)
})

t.test('accepts and removes listeners while the source is faster than all of them', async (t) => {
  const server = await startServer(t, FLOOD)
  for (let round = 0; round < 3; round++) {
    const clients = Array.from({ length: 4 }, () => listen(t, server.port))
    const bodies = await Promise.all(clients.map((client) => client.bodyHas(4 * 1024 * 1024)))
    t.ok(bodies.every((body) => body.equals(Buffer.alloc(body.length))))
    for (const client of clients) client.socket.destroy()
    for (const client of clients) {
      const { bytes, frames, reason } = await visitOf(server, client)
      t.strictSame([bytes, reason], [frames * 4096, 'disconnected'])
    }
  }
})
