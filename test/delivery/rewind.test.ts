import t, { type Test } from 'tap'
import { createAuto } from '../../filters/auto/auto.ts'
import type { Listener } from '../../src/delivery/listener.ts'
import type { Start } from '../../src/delivery/start.ts'
import { adtsFrames } from '../filters/made-up.ts'
import { FedClient, type FedStream, fedStream } from './fed-stream.ts'
import { MP3_FRAME_BYTES, plainFrames } from './plain-mp3.ts'

const FRAME_MS = 1152 / 44.1
/** Frames of a chunk: 261 ms. */
const CHUNK = 10

/** MP3 that arrives in real time. */
async function mp3(t: Test, seed: number, ...flags: readonly string[]) {
  const fed = await fedStream(createAuto, '-rewind', '1h', ...flags, '-exec', 'cat')
  t.teardown(() => fed.stream.stop('the test is over'))
  const frames: Buffer[] = []
  return {
    ...fed,
    /** All frames so far. */
    frames,
    async play(seconds: number, each?: () => void) {
      for (let ms = 0; ms < seconds * 1000; ms += CHUNK * FRAME_MS) {
        const chunk = plainFrames(CHUNK, seed + frames.length)
        frames.push(...chunk)
        await fed.feed(Buffer.concat(chunk), CHUNK * FRAME_MS)
        each?.()
      }
    },
  }
}

/** A client that can be moved to another stream. */
class MovableClient extends FedClient {
  followed = 0

  follow(): void {
    this.followed++
  }
}

/** A listener, and when it has joined. */
function join({ delivery, clock }: FedStream, start: Start) {
  const client = new FedClient().join(delivery, start)
  const since = clock.now()
  return {
    client,
    get frames() {
      return client.body.length / MP3_FRAME_BYTES
    },
    /** Sound that it has received beyond what it has played since, in milliseconds. */
    leadMs: () => (client.body.length / MP3_FRAME_BYTES) * FRAME_MS - (clock.now() - since),
  }
}

function startOf(frames: readonly Buffer[], body: Buffer): number {
  return frames.findIndex((frame) => frame.equals(body.subarray(0, frame.length)))
}

function isExact(frames: readonly Buffer[], body: Buffer): boolean {
  const whole = Buffer.concat(frames)
  const at = startOf(frames, body) * MP3_FRAME_BYTES
  return at >= 0 && whole.subarray(at, at + body.length).equals(body)
}

t.test('a listener that goes back starts that far back, and stays there at the speed of sound', async (t) => {
  const fed = await mp3(t, 1)
  await fed.play(120)
  const listener = join(fed, { agoMs: 60_000 })
  const first = startOf(fed.frames, listener.client.body)
  t.ok(Math.abs((fed.frames.length - first) * FRAME_MS - 60_000) <= FRAME_MS, `starts at frame ${first}`)
  t.ok(listener.leadMs() >= 2_000 && listener.leadMs() < 2_200, `${listener.leadMs()} ms at once`)
  let [least, most] = [Number.POSITIVE_INFINITY, 0]
  await fed.play(60, () => {
    least = Math.min(least, listener.leadMs())
    most = Math.max(most, listener.leadMs())
  })
  t.ok(least > 1_000 && most < 2_200, `from ${least} to ${most} ms ahead of its player`)
  t.ok(isExact(fed.frames, listener.client.body))
  t.ok(listener.client.writes <= 90, `${listener.client.writes} writes in 60 s`)
})

t.test('a listener starts at the oldest frame when the ring does not reach further', async (t) => {
  const fed = await mp3(t, 2)
  await fed.play(20)
  const listener = join(fed, { agoMs: 3_600_000 })
  t.equal(startOf(fed.frames, listener.client.body), 0)
  await fed.play(20)
  t.ok(isExact(fed.frames, listener.client.body))
  t.ok(listener.leadMs() > 1_000)
})

t.test('a listener that goes back for less than the burst gets all up to the head at once', async (t) => {
  const fed = await mp3(t, 3)
  await fed.play(20)
  for (const start of [{ agoMs: 1_000 }, { frame: fed.frames.length - 300 }]) {
    const { client } = join(fed, start)
    t.equal(startOf(fed.frames, client.body) + client.body.length / MP3_FRAME_BYTES, fed.stream.ring.next)
  }
  const now = join(fed, { agoMs: 0 })
  t.equal(now.client.body.length, 0)
  await fed.play(1)
  t.ok(isExact(fed.frames, now.client.body))
})

t.test('a listener that requests an old frame stays at its distance', async (t) => {
  const fed = await mp3(t, 4)
  await fed.play(60)
  const listener = join(fed, { frame: 100 })
  t.equal(startOf(fed.frames, listener.client.body), 100)
  await fed.play(10)
  t.ok(Math.abs(listener.leadMs() - 1_500) < 800)
  t.ok(isExact(fed.frames, listener.client.body))
})

t.test('-burst and ?burst decide how much a listener that goes back gets at once', async (t) => {
  const fed = await mp3(t, 5)
  await fed.play(60)
  const most = join(fed, { agoMs: 50_000, burstMs: 20_000 })
  t.ok(Math.abs(most.leadMs() - 20_000) < 2 * FRAME_MS)
  const least = join(fed, { agoMs: 50_000, burstMs: 0 })
  t.ok(Math.abs(least.leadMs() - 1_000) < 2 * FRAME_MS, 'enough until its next turn')
})

t.test(
  'a listener behind plays on while the source is away, waits at the end, and continues with its return',
  async (t) => {
    const fed = await mp3(t, 6)
    await fed.play(60)
    const listener = join(fed, { agoMs: 30_000 })
    const first = startOf(fed.frames, listener.client.body)
    await fed.close()
    await fed.clock.advance(20_000)
    t.ok(Math.abs(listener.leadMs() - 1_600) < 700, 'at the speed of sound')
    await fed.clock.advance(20_000)
    t.equal(listener.frames, fed.frames.length - first, 'to the last frame')
    await fed.play(20)
    t.equal(first + listener.frames, fed.stream.ring.next, 'it is at the head now')
    t.ok(isExact(fed.frames, listener.client.body))
    t.equal(listener.client.ending, undefined)
  },
)

t.test('a listener is ended where the format changes, and not before it has come there', async (t) => {
  const fed = await mp3(t, 7)
  await fed.play(60)
  const listener = join(fed, { agoMs: 30_000 })
  const head = join(fed, {})
  const first = startOf(fed.frames, listener.client.body)
  const old = fed.frames.length
  const aac = Buffer.concat(adtsFrames(200, 1))
  await fed.close()
  await fed.feed(aac, 100)
  t.equal(head.client.ending, 'ended')
  t.equal(fed.delivery.typeAt({ agoMs: 20_000 }), 'audio/mpeg')
  t.equal(fed.delivery.typeAt({}), undefined, 'that of the stream')
  await fed.clock.advance(20_000)
  t.ok(Math.abs(listener.leadMs() - 1_600) < 700)
  t.equal(listener.client.ending, undefined)
  await fed.clock.advance(20_000)
  t.equal(listener.client.ending, 'ended')
  t.equal((listener.client.owner as Listener).ending, 'format changed')
  t.equal(listener.frames, old - first, 'to the last frame of its format')
  const late = join(fed, { frame: old })
  t.ok(aac.subarray(0, late.client.body.length).equals(late.client.body))
  await fed.clock.advance(10_000)
  t.equal(late.client.ending, undefined)
})

t.test('a listener that the ring has lapped continues where it would be, and is counted', async (t) => {
  const fed = await mp3(t, 8, '-rewind-bytes', '1048576')
  await fed.play(60)
  const reachMs = fed.stream.ring.us / 1000
  t.ok(reachMs > 40_000 && reachMs < 50_000, 'a ring of 1 MiB')
  const listener = join(fed, { agoMs: reachMs - 5_000 })
  listener.client.isSlow = true
  await fed.play(20)
  listener.client.isSlow = false
  listener.client.drain()
  const { framesSkipped, cursor } = listener.client.owner as Listener
  t.ok(framesSkipped > 0)
  t.equal(fed.stream.counters.framesSkipped, framesSkipped)
  t.equal(fed.stream.counters.laps, 1)
  await fed.play(20)
  const since = Buffer.concat(fed.frames.slice(cursor))
  const { body } = listener.client
  const rest = body.subarray(body.indexOf(since.subarray(0, MP3_FRAME_BYTES)))
  t.ok(rest.length > MP3_FRAME_BYTES && since.subarray(0, rest.length).equals(rest), 'exact frames after it')
  t.equal(fed.stream.counters.laps, 1, 'it is not lapped again')
})

t.test('the last listener behind leaves no timer', async (t) => {
  const fed = await mp3(t, 9)
  await fed.play(30)
  const listener = join(fed, { agoMs: 20_000 })
  listener.client.leave()
  t.equal(fed.stream.listeners, 0)
  const { writes } = listener.client
  await fed.play(5)
  t.equal(listener.client.writes, writes)
})

t.test('a listener behind does not hold up the end of a program that ends with its stream', async (t) => {
  const fed = await mp3(t, 10)
  await fed.play(30)
  const listener = join(fed, { agoMs: 20_000 })
  fed.stream.finish(undefined)
  t.equal((listener.client.owner as Listener).ending, 'stream ended')
})

t.test('a listener behind gets the rest of a stream that ends nothing but itself', async (t) => {
  const fed = await mp3(t, 12)
  await fed.play(30)
  const listener = join(fed, { agoMs: 20_000 })
  const first = startOf(fed.frames, listener.client.body)
  fed.stream.change({ ...fed.stream.plan, whenEnded: 'keep' })
  fed.stream.finish(undefined)
  t.equal(listener.client.ending, undefined)
  await fed.clock.advance(10_000)
  t.ok(Math.abs(listener.leadMs() - 1_600) < 700)
  await fed.clock.advance(10_000)
  t.equal((listener.client.owner as Listener).ending, 'stream ended')
  t.ok(first + listener.frames >= fed.frames.length - 1)
})

t.test('a listener behind that is moved to another stream is at its head', async (t) => {
  const [from, to] = [await mp3(t, 11), await mp3(t, 900_000)]
  await from.play(30)
  await to.play(30)
  const client = new MovableClient().join(from.delivery, { agoMs: 20_000 })
  const { length } = client.body
  t.ok(from.delivery.move(client.owner as Listener, to.delivery))
  await from.play(5)
  await to.play(5)
  t.equal(from.stream.listeners, 0)
  const rest = client.body.subarray(length)
  t.equal(startOf(to.frames, rest) + rest.length / MP3_FRAME_BYTES, to.stream.ring.next)
  t.ok(isExact(to.frames, rest))
})
