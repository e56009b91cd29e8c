import t, { type Test } from 'tap'
import { createAuto } from '../../filters/auto/auto.ts'
import { FedClient, fedStream } from './fed-stream.ts'
import { plainFrames } from './plain-mp3.ts'

const FRAME_MS = 1152 / 44.1
/** Frames of a chunk: 26 ms, as a live source writes them, or 261 ms. */
const LIVE = 1
const MUCH = 10

/** MP3 in real time, whose ring has a burst. */
async function mp3(t: Test, ...flags: readonly string[]) {
  const fed = await fedStream(createAuto, ...flags, '-exec', 'cat')
  t.teardown(() => fed.stream.stop('the test is over'))
  let count = 0
  const play = async (seconds: number, chunk: number) => {
    for (let ms = 0; ms < seconds * 1000; ms += chunk * FRAME_MS) {
      const frames = plainFrames(chunk, count)
      count += chunk
      await fed.feed(Buffer.concat(frames), chunk * FRAME_MS)
    }
  }
  await play(10, MUCH)
  return { ...fed, play }
}

t.test('writes to listeners with a burst a few times a second', async (t) => {
  const { delivery, play, clock, stream } = await mp3(t)
  const client = new FedClient().join(delivery, {})
  t.equal(client.writes, 1, 'its burst, at once')
  await play(5, LIVE)
  t.ok(client.writes >= 18 && client.writes <= 22, `${client.writes} writes in 5 s`)
  await clock.advance(600)
  t.equal(client.owner?.cursor, stream.ring.next, 'all frames')
})

t.test(
  'writes at once with -max-delay 0, without a burst, and while a listener with a short burst is there',
  async (t) => {
    for (const [flags, start] of [
      [['-max-delay', '0'], {}],
      [['-burst', '0'], {}],
      [[], { burstMs: 100 }],
    ] as const) {
      const { delivery, play } = await mp3(t, ...flags)
      const first = new FedClient().join(delivery, {})
      await play(1, LIVE)
      const other = new FedClient().join(delivery, start)
      const before = first.writes
      await play(1, LIVE)
      t.ok(first.writes - before >= 36, `${first.writes - before} writes in 1 s`)
      t.ok(Math.abs(other.writes - (first.writes - before)) <= 1, 'as many')
      other.owner?.gone('disconnected')
      const after = first.writes
      await play(1, LIVE)
      if (flags.length === 0) t.ok(first.writes - after <= 6, 'rests again')
    }
  },
)

t.test('reads a source without listeners twice a second, and for the first listener at once', async (t) => {
  const fed = await mp3(t)
  const { delivery, stream, play, clock } = fed
  let reads = 0
  const { bytesIn } = stream.counters
  for (let i = 0, seen = bytesIn; i < 40; i++) {
    await play(0.001, MUCH)
    if (stream.counters.bytesIn > seen) reads++
    seen = stream.counters.bytesIn
  }
  t.ok(reads < 25, `${reads} reads in 10 s`)
  await clock.advance(600)
  await fed.feed(plainFrames(1, 0)[0] ?? Buffer.alloc(0), 0)
  await fed.feed(plainFrames(1, 1)[0] ?? Buffer.alloc(0), 10)
  const unread = stream.counters.bytesIn
  const client = new FedClient().join(delivery, {})
  await clock.advance(0)
  t.ok(stream.counters.bytesIn > unread)
  t.ok(client.writes >= 1)
})
