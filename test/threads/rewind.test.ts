import t from 'tap'
import { listen } from '../client.ts'
import { MP3_FRAME_BYTES, plainFrames } from '../delivery/plain-mp3.ts'
import { until } from '../processes.ts'
import { openProgram } from './program-parts.ts'

/** 78 s of MP3. */
const FRAMES = plainFrames(3000, 1)
/** The filter keeps the last frame until the next one has come. */
const HELD = 1

t.test('a thread passes listeners that go back on to the main thread, and keeps a short ring itself', async (t) => {
  const parts = await openProgram(t, ['-rewind', '1h', '-frame-filter', 'mp3'])
  const early = await parts.start()
  listen(t, early.port)
  await parts.has(1)
  for (let at = 0; at < FRAMES.length; at += 100) parts.source.give(Buffer.concat(FRAMES.slice(at, at + 100)))
  await until('all frames', () => parts.stream.ring.next === FRAMES.length - HELD)
  const { port } = await parts.start()
  const back = listen(t, port, '/?at=100')
  const body = await back.bodyHas(75 * MP3_FRAME_BYTES)
  t.match(back.head(), 'Content-Type: audio/mpeg')
  t.ok(
    Buffer.concat(FRAMES)
      .subarray(100 * MP3_FRAME_BYTES)
      .subarray(0, body.length)
      .equals(body),
    'exact frames',
  )
  t.ok(body.length < 1000 * MP3_FRAME_BYTES, 'at the speed of sound')
  const oldest = listen(t, port, '/?ago=30m')
  const first = await oldest.bodyHas(MP3_FRAME_BYTES)
  t.ok(first.subarray(0, MP3_FRAME_BYTES).equals(FRAMES[0] ?? first), 'the oldest frame of the main thread')
  await parts.logged(/listener connected/, 3)
  await parts.has(3)
  // As far as the ring of the thread reaches: 512 KiB, which are more than 10 s.
  const near = listen(t, port, '/?burst=10s')
  await near.bodyHas(380 * MP3_FRAME_BYTES)
  await parts.has(4)
  for (const client of [back, oldest, near]) client.reset()
  await parts.has(1)
})
