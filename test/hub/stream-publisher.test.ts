import fc from 'fast-check'
import t, { type Test } from 'tap'
import type { CreateFilter } from '../../filters/frame-filter.ts'
import { createRaw } from '../../filters/raw.ts'
import { streamOptions } from '../../src/program/stream-options.ts'
import { PushSource } from '../../src/source/push.ts'
import { Stream } from '../../src/stream/stream.ts'
import { mpegFrames, noise, reservoirFrames } from '../filters/made-up.ts'
import { framesOf, inPieces, openPublished } from './published.ts'

const PCM = ['-pcm', 's16le:8000:1']
/** A frame of raw samples is 64 bytes, which are 4 ms. */
const FRAME_BYTES = 64
const FRAME_MS = 4

/** Checks that the messages have each frame of the ring once, in order, and in time. */
function checkMessages(t: Test, { frames, sent }: Pick<ReturnType<typeof openPublished>, 'frames' | 'sent'>): void {
  t.ok(Buffer.concat(framesOf(sent)).equals(Buffer.concat(frames.map(({ bytes }) => bytes))), 'same bytes')
  t.strictSame(
    framesOf(sent).map(({ length }) => length),
    frames.map(({ bytes }) => bytes.length),
  )
  const [first] = frames
  if (first === undefined) return
  let [seq, us] = [first.seq, 0]
  for (const message of sent) {
    t.equal(message.seq, seq)
    t.ok(Math.abs(message.us - us) < 0.5, 'position')
    const oldest = frames[seq - first.seq]
    t.ok(message.at - (oldest?.at ?? 0) <= 101, 'no frame waits longer than 100 ms')
    seq += message.frames.length
    for (const { durationUs } of message.frames) us += durationUs
  }
}

t.test('each frame is in one message, in order, however the bytes are divided', async (t) => {
  const bytes = Buffer.concat(reservoirFrames(60, 1))
  const pieces = fc.array(
    fc.record({ bytes: fc.integer({ min: 1, max: 3000 }), ms: fc.integer({ min: 0, max: 150 }) }),
    {
      minLength: 5,
      maxLength: 40,
    },
  )
  await fc.assert(
    fc.asyncProperty(pieces, async (pieces) => {
      const published = openPublished(t, { flags: ['-frame-filter', 'mp3'] })
      let at = 0
      for (const { bytes: size, ms } of pieces) {
        const piece = bytes.subarray(at, (at += size))
        if (piece.length > 0) await published.push(piece)
        await published.clock.advance(ms)
      }
      await published.reopen()
      checkMessages(t, published)
    }),
    { numRuns: 30 },
  )
})

t.test('a message ends with the chunk in which it has 4 frames and 20 ms', async (t) => {
  const { push, sent } = openPublished(t, { flags: PCM })
  await push(noise(4 * FRAME_BYTES, 1))
  t.equal(sent.length, 0, '16 ms')
  await push(noise(FRAME_BYTES, 2))
  t.strictSame(
    sent.map(({ frames }) => frames.length),
    [5],
  )
  await push(noise(20 * FRAME_BYTES, 3))
  t.strictSame(
    sent.map(({ frames }) => frames.length),
    [5, 20],
  )
})

t.test('a message ends when its first frame has waited for 100 ms', async (t) => {
  const { push, sent, clock } = openPublished(t, { flags: PCM })
  await push(noise(FRAME_BYTES, 1))
  await clock.advance(60)
  await push(noise(FRAME_BYTES, 2))
  await clock.advance(39)
  t.equal(sent.length, 0)
  await clock.advance(1)
  t.strictSame(
    sent.map(({ frames }) => frames.length),
    [2],
  )
  await clock.advance(70)
  await push(noise(FRAME_BYTES, 3))
  await clock.advance(99)
  t.equal(sent.length, 1)
  await clock.advance(1)
  t.equal(sent.length, 2)
})

t.test('a frame of 80 ms is sent at once', async (t) => {
  const { push, sent } = openPublished(t, { flags: [...PCM, '-frame-bytes', '1280'] })
  await push(noise(1280, 1))
  t.equal(sent.length, 1)
})

t.test('frames without a duration are sent with the chunk in which there are 4', async (t) => {
  const { push, sent, clock } = openPublished(t, { flags: ['-frame-filter', 'raw', '-frame-bytes', '10'] })
  await push(noise(30, 1))
  t.equal(sent.length, 0)
  await push(noise(10, 2))
  t.match(sent, [{ us: 0, frames: [{ durationUs: 0 }, {}, {}, {}] }])
  await push(noise(10, 2))
  await clock.advance(100)
  t.match(sent, [{}, { seq: 4, us: 0, frames: { length: 1 } }])
})

t.test('a message has at most 64 KiB of frames, or 1024 frames', async (t) => {
  const large = openPublished(t, { flags: ['-pcm', 'cd', '-frame-bytes', '4000'] })
  // Files and relays have much to begin with.
  for (const piece of inPieces(noise(400_000, 1), 4000)) await large.push(piece)
  checkMessages(t, large)
  const oversize = largest(() => ({ bytes: noise(300_000, 2), frames: [30_000, 40_000, 60_000, 70_000, 100_000] }))
  const sizes = openPublished(t, { create: oversize })
  await sizes.push(noise(300_000, 2))
  await sizes.reopen()
  t.strictSame(
    sizes.sent.map(({ frames }) => frames.map(({ bytes }) => bytes.length)),
    [[30_000], [40_000], [60_000], [70_000], [100_000]],
  )
  const small = openPublished(t, { create: largest(() => ({ bytes: noise(2500, 2), frames: Array(2500).fill(1) })) })
  await small.push(noise(2500, 2))
  await small.reopen()
  t.strictSame(
    small.sent.map(({ frames }) => frames.length),
    [1024, 1024, 452],
  )
})

/** Makes a filter that emits frames of given sizes when it has all bytes. */
function largest(make: () => { readonly bytes: Buffer; readonly frames: readonly number[] }): CreateFilter {
  const { bytes: all, frames } = make()
  return () => {
    let length = 0
    return {
      contentType: 'video/own',
      skippedBytes: 0,
      push(chunk, emit) {
        length += chunk.length
        if (length < all.length) return
        let at = 0
        for (const bytes of frames) emit({ bytes: all.subarray(at, (at += bytes)), durationUs: 1 })
      },
      end() {},
    }
  }
}

t.test('a source is read when a message can be complete, and not more often', async (t) => {
  const { push, sent, clock, frames } = openPublished(t, { flags: ['-frame-filter', 'mp3'], isPaced: true })
  const startedAt = clock.now()
  for (const frame of mpegFrames(400, 1)) {
    await push(frame)
    const due = frames.length * 26
    if (due > clock.now() - startedAt) await clock.advance(due - (clock.now() - startedAt))
  }
  await clock.advance(200)
  const seconds = (frames.length * 26.122) / 1000
  t.ok(sent.length / seconds <= 10.5, `${sent.length} messages in ${seconds} s`)
  t.ok(sent.length / seconds >= 9)
})

t.test('the source is open while its stream is published, without a listener', async (t) => {
  const { stream, unpublish, settle } = openPublished(t, { flags: [...PCM, '-close-idle'] })
  await settle()
  t.equal(stream.listeners, 0)
  t.equal(stream.sourceState.kind, 'waiting')
  t.equal(stream.isWanted, true)
  unpublish()
  await settle()
  t.equal(stream.isWanted, false)
  t.equal(stream.sourceState.kind, 'closed')
})

t.test('a source that is opened again begins another epoch, whose numbers go on', async (t) => {
  const { push, sent, reopen, stream, clock } = openPublished(t, { flags: PCM })
  await push(noise(10 * FRAME_BYTES, 1))
  await push(noise(2 * FRAME_BYTES, 2))
  await reopen()
  t.strictSame(
    sent.map(({ frames }) => frames.length),
    [10, 2],
    'what waits is sent at the end of an opening',
  )
  await clock.advance(5_000)
  await push(noise(5 * FRAME_BYTES, 3))
  t.match(sent, [
    { seq: 0, us: 0, key: {} },
    { seq: 10, us: 40_000, key: undefined },
    { seq: 12, us: 0, key: {} },
  ])
  t.match(
    stream.epochs.all().map(({ mark }) => mark),
    [sent[0], sent[2]].map((message) => ({
      id: message?.epoch,
      seq: message?.seq,
      us: 0,
      beganAt: message?.epochBeganAt,
    })),
  )
  t.not(sent[2]?.epoch, sent[1]?.epoch)
  t.equal(sent[0]?.epoch, sent[1]?.epoch)
})

t.test('a fill is published, and frames that follow it are of the same epoch', async (t) => {
  const published = openPublished(t, { flags: [...PCM, '-fill', 'silence'] })
  const { push, sent, reopen, clock, frames } = published
  await push(noise(10 * FRAME_BYTES, 1))
  await reopen()
  await clock.advance(1_000)
  await push(noise(5 * FRAME_BYTES, 3))
  t.equal(new Set(sent.map(({ epoch }) => epoch)).size, 1)
  t.ok(frames.length > 100)
  checkMessages(t, published)
})

t.test('frames carry the times at which they were sent', async (t) => {
  const { push, sent, clock, wallClock } = openPublished(t, { flags: PCM })
  await push(noise(5 * FRAME_BYTES, 1))
  t.equal(sent[0]?.sentAt, wallClock())
  await clock.advance(5 * FRAME_MS)
  await push(noise(5 * FRAME_BYTES, 1))
  t.equal(sent[1]?.sentAt, wallClock())
  t.equal(sent[1]?.us, 5 * FRAME_MS * 1000)
})

t.test('what waits is sent when the stream is not published any more, and nothing after it', async (t) => {
  const { push, sent, unpublish, settle, announced, log, clock } = openPublished(t, { flags: PCM })
  await push(noise(2 * FRAME_BYTES, 1))
  unpublish()
  unpublish()
  await settle()
  t.match(sent, [{ frames: { length: 2 } }])
  t.strictSame(announced.at(-1), { gone: true })
  await push(noise(20 * FRAME_BYTES, 1))
  await clock.advance(5_000)
  t.equal(sent.length, 1)
  t.strictSame(announced.filter((one) => JSON.stringify(one) === '{"gone":true}').length, 1)
  const lines = log.lines().filter((line) => line.includes('hub'))
  t.strictSame(lines, ['info hub publishing started', 'info hub publishing ended'])
})

t.test('a stream that has ended is not published any more', async (t) => {
  const { push, sent, stream, announced, clock } = openPublished(t, { flags: PCM })
  await push(noise(2 * FRAME_BYTES, 1))
  stream.finish(undefined)
  await clock.advance(0)
  t.match(sent, [{ frames: { length: 2 } }])
  t.strictSame(announced.at(-1), { gone: true })
  t.equal(stream.isWanted, false)
})

t.test('a stream that replaces another one is published when its source is opened, and is not gone', async (t) => {
  const { push, sent, stream, own, announced, clock, settle, unpublish } = openPublished(t, { flags: PCM })
  await push(noise(5 * FRAME_BYTES, 1))
  announced.splice(0)
  const source = new PushSource('another')
  const other = new Stream(stream.plan, source, streamOptions(stream.plan, createRaw, source), clock, stream.log)
  own.publish(other, 'radio')
  await settle()
  t.equal(other.sourceState.kind, 'closed')
  t.equal(other.isWanted, false)
  t.equal(own.published('/radio')?.messages, 1)
  unpublish()
  other.start()
  await clock.advance(300)
  t.match(announced, [{ hidden: false }])
  t.equal(other.isWanted, true)
  source
    .begin({ peer: { kind: 'publisher', name: 'a test' }, drained() {}, ended() {} })
    .push(noise(5 * FRAME_BYTES, 2))
  await clock.advance(1)
  t.match(sent, [{ seq: 0 }, { seq: 0, frames: { length: 5 } }])
  t.not(sent[1]?.epoch, sent[0]?.epoch)
  other.finish(undefined)
  await settle()
  t.strictSame(announced.at(-1), { gone: true })
  t.equal(own.published('/radio'), undefined)
  await other.stop('the test is over')
})

t.test('counts what it publishes', async (t) => {
  const { push, totals } = openPublished(t, { flags: PCM })
  await push(noise(5 * FRAME_BYTES, 1))
  await push(noise(5 * FRAME_BYTES, 1))
  const { bytes, ...counts } = totals()
  t.strictSame(counts, { name: 'radio', messages: 2, frames: 10, resent: 0, refused: 0 })
  t.ok(bytes > 10 * FRAME_BYTES)
})
