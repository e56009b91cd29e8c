import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { WebSocket, WebSocketServer } from 'ws'
import { connectPublisher } from '../../../src/endpoints/live/publisher.ts'
import { PushSource } from '../../../src/source/push.ts'
import { PublisherPlace } from '../../../src/station/publisher-place.ts'
import type { Publisher, Publishing, PublishPoint } from '../../../src/station/publishing.ts'
import type { Stream } from '../../../src/stream/stream.ts'
import type { StreamEvent } from '../../../src/stream/stream-event.ts'
import { Emitter } from '../../../src/system/emitter.ts'
import { DEAD_AFTER_MS, PING_EVERY_MS } from '../../../src/websocket/heartbeat.ts'
import { keepLog } from '../../kept-log.ts'
import { createManualClock } from '../../manual-clock.ts'
import { until } from '../../processes.ts'
import { sampleBytes } from './live-publisher.ts'

const RATE = 96_000
/** Samples of a message. */
const BLOCK = 16_000
const WAV_HEADER_BYTES = 44

/** A publisher over a WebSocket whose bytes are read only when the test does so. */
async function connect(t: Test) {
  const clock = createManualClock()
  const source = new PushSource('a test')
  const stream = { listeners: 0, events: new Emitter<StreamEvent>(), start: () => {} } as Stream
  const place = new PublisherPlace(stream, source, clock)
  const point = { publish: (publisher: Publisher) => place.publish(publisher, 0) } as PublishPoint
  const publishing: Publishing = { at: async () => point, points: () => [point] }
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  t.teardown(() => server.close())
  await once(server, 'listening')
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  t.teardown(() => client.terminate())
  const [opened] = (await once(server, 'connection')) as [WebSocket]
  const where = { path: '/x', client: 'a test', agent: undefined }
  connectPublisher(opened, where, publishing, async () => true, clock, keepLog().logger)
  if (client.readyState !== client.OPEN) await once(client, 'open')
  const onAir = once(client, 'message')
  client.send(JSON.stringify({ type: 'hello', token: 'x', me: 'test-test', rate: RATE }))
  await onAir
  return { clock, source, opened, client }
}

/** Sends samples, numbered from `from` on, until the connection is not read any more. @returns their number */
async function sendUntilPaused(client: WebSocket, opened: WebSocket, from: number): Promise<number> {
  let sent = from
  while (!opened.isPaused) {
    const message = once(opened, 'message')
    client.send(sampleBytes(sent, BLOCK))
    sent += BLOCK
    await message
  }
  return sent
}

t.test('a publisher that is faster than its reader is not read, and loses nothing', async (t) => {
  const { clock, source, opened, client } = await connect(t)
  let sent = await sendUntilPaused(client, opened, 0)
  t.ok(2 * sent > 500_000 && 2 * sent < 600_000, `after ${2 * sent} bytes`)
  // These wait on the way.
  for (let i = 0; i < 10; i++, sent += BLOCK) client.send(sampleBytes(sent, BLOCK))
  await clock.advance(5 * DEAD_AFTER_MS)
  t.equal(opened.readyState, opened.OPEN, 'nor is it given up for its pongs')
  const { chunks } = await source.open(new AbortController().signal)
  const parts: Buffer[] = []
  let bytes = 0
  for await (const chunk of chunks) {
    parts.push(chunk)
    bytes += chunk.length
    if (bytes === WAV_HEADER_BYTES + 2 * sent) client.close()
  }
  t.ok(Buffer.concat(parts).subarray(WAV_HEADER_BYTES).equals(sampleBytes(0, sent)))
})

t.test('a publisher that has waited may send at once what it had to hold back', async (t) => {
  const { clock, source, opened, client } = await connect(t)
  const sent = await sendUntilPaused(client, opened, 0)
  await clock.advance(20_000)
  // 15 s of sound, which is more than may come at once otherwise.
  const late = 15 * RATE
  for (let i = 0; i < late; i += BLOCK) client.send(sampleBytes(sent + i, BLOCK))
  const { chunks } = await source.open(new AbortController().signal)
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.length
    if (bytes === WAV_HEADER_BYTES + 2 * (sent + late)) client.close(1000)
  }
  t.equal(bytes, WAV_HEADER_BYTES + 2 * (sent + late))
})

t.test('starts the heartbeat of a publisher again once it is read', async (t) => {
  const { clock, source, opened, client } = await connect(t)
  await sendUntilPaused(client, opened, 0)
  await clock.advance(2 * DEAD_AFTER_MS)
  const reading = (async () => {
    for await (const _ of (await source.open(new AbortController().signal)).chunks);
  })()
  await until('it is read', () => !opened.isPaused)
  client.pause()
  const closed = once(opened, 'close')
  await clock.advance(DEAD_AFTER_MS + 2 * PING_EVERY_MS)
  await closed
  await reading
})

t.test('a publisher that waits is closed at once when the server closes it', async (t) => {
  const { opened, client } = await connect(t)
  const sent = await sendUntilPaused(client, opened, 0)
  const closed = once(client, 'close')
  // Half a sample: a fault, which the server finds in what it had already received.
  opened.emit('message', sampleBytes(sent, 1).subarray(1), true)
  t.equal((await closed)[0], 1003)
  if (opened.readyState !== opened.CLOSED) await once(opened, 'close')
})
