import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { leadIn } from '../../../filters/mpeg/lead-in.ts'
import { createClips } from '../../../src/endpoints/clip/clip.ts'
import type { PageRequest } from '../../../src/endpoints/page-request.ts'
import { Ring } from '../../../src/ring/ring.ts'
import type { Epoch } from '../../../src/stream/epoch.ts'
import type { Stream } from '../../../src/stream/stream.ts'
import { Timeline } from '../../../src/stream/timeline.ts'
import type { StreamAccess } from '../../../src/transport/stream-access.ts'
import { connectTo } from '../../client.ts'
import { mpegFrames } from '../../filters/made-up.ts'
import { createManualClock, type ManualClock } from '../../manual-clock.ts'

/** Frames of 26 ms in the ring: 12 MB, more than the buffers of a connection. */
const FRAMES = 30_000
const FRAME_US = 26_122
const SECONDS = (FRAMES * FRAME_US) / 1e6

/** A stream that has them. */
function fullStream(clock: ManualClock): Stream {
  const ring = new Ring({ frames: FRAMES })
  const timeline = new Timeline(ring)
  const some = mpegFrames(100, 1)
  for (let i = 0; i < FRAMES; i++) {
    ring.push({ bytes: some[i % some.length] ?? Buffer.alloc(0), durationUs: FRAME_US })
    timeline.frameCame(FRAME_US)
  }
  timeline.chunkEnded(clock.now())
  const format = { contentType: 'audio/mpeg', name: 'audio/mpeg', isRaw: false }
  const epoch = { from: 0, isOther: false, header: Buffer.alloc(0), format, preamble: leadIn } as unknown as Epoch
  const epochs = { at: () => epoch, all: () => [epoch] }
  return { ring, timeline, epochs, plan: {} } as unknown as Stream
}

/** Serves clips of it. @returns the port, and each response */
async function serverOf(t: Test, clock: ManualClock) {
  const stream = fullStream(clock)
  const access = { ask: () => undefined } as unknown as StreamAccess
  const page = createClips({ find: async () => stream }, access, clock)
  const responses: ServerResponse[] = []
  const server = createServer((message, response) => {
    responses.push(response)
    const { pathname: path, searchParams: query } = new URL(message.url ?? '', 'http://localhost')
    void page.answer({ path, query, network: '192.0.2.1', message } as unknown as PageRequest, response)
  })
  t.teardown(() => server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return { port: (server.address() as AddressInfo).port, responses }
}

const REQUEST = 'GET /clip/?for=24h HTTP/1.1\r\nHost: localhost\r\n\r\n'

t.test('a client that reads slowly keeps no copy of the clip, and not for long', async (t) => {
  const clock = createManualClock()
  const { port, responses } = await serverOf(t, clock)
  const client = connectTo(t, port, REQUEST)
  await client.headCame()
  client.socket.pause()
  const [response] = responses
  if (response === undefined) throw new Error('no response')
  const closed = once(response, 'close')
  await clock.advance(SECONDS * 1000)
  t.notOk(response.destroyed)
  t.ok(response.writableLength < 256 * 1024)
  await clock.advance(60_001)
  await closed
  t.ok(response.destroyed)
})

t.test('a client that reads gets all of it, and then takes no place', async (t) => {
  const clock = createManualClock()
  const { port } = await serverOf(t, clock)
  for (let i = 0; i < 3; i++) {
    const answer = await fetch(`http://127.0.0.1:${port}/clip/?for=24h`)
    const { byteLength } = await answer.arrayBuffer()
    t.equal(byteLength, Number(answer.headers.get('content-length')))
    t.ok(byteLength > FRAMES * 417)
  }
})

t.test('clips above the limit are refused', async (t) => {
  const clock = createManualClock()
  const { port } = await serverOf(t, clock)
  const all = Array.from({ length: 64 }, () => connectTo(t, port, REQUEST))
  await Promise.all(
    all.map(async (client) => {
      await client.headCame()
      client.socket.pause()
    }),
  )
  const more = connectTo(t, port, REQUEST)
  t.match(await more.headCame(), /^HTTP\/1.1 503/)
})
