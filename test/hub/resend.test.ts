import t from 'tap'
import { noise } from '../filters/made-up.ts'
import { openPublished, type Sent } from './published.ts'

const PCM = ['-pcm', 's16le:8000:1']
/** A message of 80 ms, in 20 frames. */
const MESSAGE_BYTES = 1280
const MESSAGE_MS = 80

function numbersOf(sent: readonly Sent[]): number[] {
  return sent.map(({ seq }) => seq / 20)
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, at) => from + at)
}

/** Sends a number of messages, each when its sound has ended. */
async function play({ push, clock }: ReturnType<typeof openPublished>, from: number, to: number): Promise<void> {
  for (const number of numbers(from, to)) {
    await clock.advance(MESSAGE_MS)
    await push(noise(MESSAGE_BYTES, number))
  }
}

t.test('an edge that asks gets the messages of the last 1.5 s again, as they were', async (t) => {
  const published = openPublished(t, { flags: PCM })
  const { sent, edge, settle, totals } = published
  await play(published, 0, 30)
  const before = sent.splice(0)
  edge.publish('ss.r.radio', Buffer.alloc(0))
  await settle()
  await settle()
  t.strictSame(numbersOf(sent), numbers(11, 30))
  t.strictSame(
    sent.map(({ payload }) => payload),
    before.slice(11).map(({ payload }) => payload),
  )
  t.equal(totals().resent, 19 * 20)
  t.equal(totals().frames, 30 * 20)
})

t.test('messages are sent again at most every 250 ms, however often edges ask', async (t) => {
  const published = openPublished(t, { flags: PCM })
  const { sent, edge, clock, push } = published
  await play(published, 0, 3)
  const first = () => sent.filter(({ seq }) => seq === 0).length
  for (let i = 0; i < 100; i++) edge.publish('ss.r.radio', Buffer.alloc(0))
  await clock.advance(0)
  t.equal(first(), 2)
  await clock.advance(249)
  t.equal(first(), 2)
  await push(noise(MESSAGE_BYTES, 3))
  sent.splice(0)
  await clock.advance(1)
  t.strictSame(numbersOf(sent), numbers(0, 4), 'those who asked meanwhile get what was sent meanwhile')
  await clock.advance(1_000)
  t.equal(sent.length, 4)
})

t.test('the first message after that has a key', async (t) => {
  const published = openPublished(t, { flags: PCM })
  const { sent, edge, settle } = published
  await play(published, 0, 3)
  edge.publish('ss.r.radio', Buffer.alloc(0))
  await settle()
  await play(published, 3, 5)
  t.strictSame(
    sent.slice(-2).map(({ key }) => key?.filter),
    ['wav', undefined],
  )
})

t.test('requests of any content and size are answered, and those for other streams are not', async (t) => {
  const published = openPublished(t, { flags: PCM })
  const { sent, edge, clock } = published
  await play(published, 0, 2)
  sent.splice(0)
  for (const payload of [noise(100_000, 1), Buffer.from('{"from":-1}'), Buffer.from([0xff])]) {
    edge.publish('ss.r.radio', payload)
    await clock.advance(250)
  }
  t.equal(sent.length, 6)
  for (const subject of ['ss.r.other', 'ss.r.radio.studio', 'ss.r', 'ss.r.Radio'])
    edge.publish(subject, Buffer.alloc(0))
  await clock.advance(250)
  t.equal(sent.length, 6)
})

t.test('a hub that was away gets the messages of the last 3 s', async (t) => {
  const published = openPublished(t, { flags: PCM })
  const { sent, link, clock, announced } = published
  await play(published, 0, 50)
  link.leave()
  await play(published, 50, 60)
  t.strictSame(numbersOf(sent), numbers(0, 50))
  sent.splice(0)
  announced.splice(0)
  link.back()
  await clock.advance(0)
  t.strictSame(numbersOf(sent), numbers(22, 60))
  await clock.advance(250)
  t.equal(announced.length, 1)
  await play(published, 60, 62)
  t.match(sent.slice(-2), [{ seq: 1200, key: {} }, { seq: 1220 }])
})

t.test('a hub that was away for long misses the frames before that', async (t) => {
  const published = openPublished(t, { flags: PCM })
  const { sent, link, settle } = published
  await play(published, 0, 2)
  link.leave()
  await play(published, 2, 100)
  link.back()
  await settle()
  t.strictSame(numbersOf(sent), [...numbers(0, 2), ...numbers(62, 100)])
})

t.test('nothing is sent again at the first connection', async (t) => {
  const published = openPublished(t, { flags: PCM, isAway: true })
  const { sent, link, clock, announced, stream } = published
  await play(published, 0, 5)
  t.equal(stream.ring.next, 100, 'listeners of the origin have its frames')
  link.back()
  await clock.advance(250)
  t.equal(sent.length, 0)
  t.equal(announced.length, 1)
  await play(published, 5, 6)
  t.strictSame(numbersOf(sent), [5])
})

t.test('what is kept takes 4 MiB at most', async (t) => {
  const published = openPublished(t, { flags: ['-pcm', 'f64le:48000:8', '-frame-bytes', '6400'] })
  const { sent, edge, push, settle } = published
  for (let i = 0; i < 150; i++) await push(noise(64_000, i))
  sent.splice(0)
  edge.publish('ss.r.radio', Buffer.alloc(0))
  await settle()
  const frames = sent.flatMap((message) => message.frames)
  const bytes = frames.reduce((sum, frame) => sum + frame.bytes.length, 0)
  t.ok(bytes <= 4 * 2 ** 20)
  t.ok(bytes > 3.9 * 2 ** 20)
  t.ok(frames.at(-1)?.bytes.equals(noise(64_000, 149).subarray(-6400)))
})

t.test('a frame that is larger than the hub takes is left out, counted, and logged once in a while', async (t) => {
  const published = openPublished(t, { flags: ['-pcm', 'cd', '-frame-bytes', '8000'], maxPayload: 8_192 })
  const { push, sent, totals, log, clock, link } = published
  const refusals = () => log.records.filter(({ message }) => message.join('') === 'hub frames refused')
  for (let i = 0; i < 5; i++) await push(noise(8_000, i))
  // Without a key, a message is small enough; readers cannot begin without one.
  t.equal(sent.length, 0)
  t.match(refusals(), [{ level: 'warning', properties: { frames: 1, bytes: Number, max: 8_192 } }])
  await clock.advance(5_000)
  t.match(refusals()[1]?.properties, { frames: totals().refused - 1 })
  t.equal(totals().refused, 5)
  link.maxPayload = 2 ** 20
  await push(noise(40_000, 9))
  t.match(
    sent.map(({ seq, key, frames }) => [seq, key?.filter, frames.length]),
    [
      [5, 'wav', 2],
      [7, undefined, 2],
    ],
  )
  t.ok(Math.abs((sent[0]?.us ?? 0) - 5 * (8_000 / 176.4e3) * 1e6) < 1)
})

t.test('messages are as small as the hub needs them', async (t) => {
  const { push, sent, frames, totals } = openPublished(t, {
    flags: ['-pcm', 'cd', '-frame-bytes', '100'],
    maxPayload: 1_000,
  })
  await push(noise(20_000, 1))
  t.equal(
    sent.reduce((sum, message) => sum + message.frames.length, 0),
    frames.length,
  )
  t.equal(totals().refused, 0)
})

t.test('messages that are too large for the hub of now are not sent again', async (t) => {
  const published = openPublished(t, { flags: PCM })
  const { sent, link, settle } = published
  await play(published, 0, 3)
  sent.splice(0)
  link.leave()
  link.maxPayload = 1_000
  link.back()
  await settle()
  t.equal(sent.length, 0)
  await play(published, 3, 4)
  t.ok(sent.length > 1)
  t.match(sent[0], { seq: 60, key: {} })
})
