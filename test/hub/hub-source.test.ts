import t from 'tap'
import { createManualClock } from '../manual-clock.ts'
import { range } from './choice-world.ts'
import { openEdge } from './edge.ts'

function largeFrame(number: number): Buffer {
  return Buffer.alloc(20_000, number)
}

const [EPOCH_A, EPOCH_B] = ['0000000000aa', '0000000000bb']

t.test('an edge that starts has the last seconds at once, then what is sent', async (t) => {
  const clock = createManualClock()
  const edge = openEdge(t, clock)
  const origin = edge.origin('studio', { epoch: EPOCH_A, seq: 70 })
  await clock.advance(7_030)
  edge.stream.start()
  await clock.advance(0)
  t.strictSame(edge.numbers, range(0, 350))
  t.equal(new Set(edge.frames.map(({ at }) => at)).size, 1)
  await clock.advance(3_000)
  t.strictSame(edge.numbers, range(0, origin.number))
  t.equal(edge.openings, 0)
  t.match(edge.hub.read('radio'), { name: 'radio', heard: 'studio', delayMs: Number })
  t.equal(edge.stream.sourceState.peer?.name, 'studio')
})

t.test('without a history an edge asks the origins', async (t) => {
  const clock = createManualClock()
  const edge = openEdge(t, clock, { historyMs: 0 })
  const origin = edge.origin('studio', { epoch: EPOCH_A })
  await clock.advance(1_030)
  edge.stream.start()
  await clock.advance(20)
  t.strictSame(edge.numbers, range(0, 50))
  await clock.advance(1_000)
  t.strictSame(edge.numbers, range(0, origin.number))
})

t.test('an edge that starts before the hub can be reached, or before there is an origin, waits', async (t) => {
  const clock = createManualClock()
  const edge = openEdge(t, clock, { isAway: true })
  edge.stream.start()
  await clock.advance(2_000)
  t.equal(edge.stream.sourceState.kind, 'waiting')
  edge.link.back()
  await clock.advance(1_000)
  const origin = edge.origin('studio', { epoch: EPOCH_A })
  await clock.advance(1_000)
  t.equal(edge.stream.sourceState.kind, 'open')
  t.strictSame(edge.numbers, range(0, origin.number))
})

t.test('another epoch is another opening, without a pause', async (t) => {
  const clock = createManualClock()
  const edge = openEdge(t, clock)
  edge.stream.start()
  const origin = edge.origin('studio', { epoch: EPOCH_A })
  await clock.advance(2_000)
  origin.enter(EPOCH_B)
  await clock.advance(2_000)
  t.strictSame(edge.numbers, range(0, origin.number))
  t.equal(edge.openings, 1)
  t.equal(edge.stream.epochs.newest?.mark?.id, EPOCH_B)
  t.ok(edge.frames.every(({ at }, i) => at - (edge.frames[i - 1]?.at ?? at) <= 110))
})

t.test('a hub that was away for a moment costs no frame', async (t) => {
  const clock = createManualClock()
  for (const side of ['edge', 'origin', 'both'] as const) {
    const edge = openEdge(t, clock, { historyMs: 0 })
    edge.stream.start()
    const origin = edge.origin('studio', { epoch: EPOCH_A })
    await clock.advance(5_000)
    if (side !== 'origin') edge.link.leave()
    if (side !== 'edge') origin.link.leave()
    await clock.advance(1_000)
    origin.link.back()
    edge.link.back()
    await clock.advance(2_000)
    t.strictSame(edge.numbers, range(0, origin.number), side)
    t.equal(edge.openings, 0, side)
  }
})

t.test('a hub that was away for longer costs the frames of that time, which is logged', async (t) => {
  const clock = createManualClock()
  const edge = openEdge(t, clock)
  edge.stream.start()
  const origin = edge.origin('studio', { epoch: EPOCH_A })
  await clock.advance(5_000)
  const from = origin.number
  edge.room.stop()
  await clock.advance(10_000)
  const to = origin.number
  edge.room.start()
  await clock.advance(2_000)
  const missing = range(0, origin.number).filter((number) => !edge.numbers.includes(number))
  t.strictSame(missing, range(from, to - 80), 'but not those of the last 1.5 s')
  t.equal(edge.openings, 1)
  t.match(edge.log.records.find(({ rawMessage }) => rawMessage === 'hub frames lost')?.properties, {
    name: 'radio',
    frames: missing.length,
    origin: 'studio',
  })
})

t.test('the time without frames is logged when another origin is the first to come back', async (t) => {
  const clock = createManualClock()
  const edge = openEdge(t, clock)
  edge.stream.start()
  const first = edge.origin('studio', { epoch: EPOCH_A })
  await clock.advance(5_000)
  first.stop()
  await clock.advance(4_000)
  edge.origin('other', { epoch: EPOCH_B, first: 100_000 })
  await clock.advance(2_000)
  t.equal(edge.hub.read('radio')?.heard, 'other')
  const found = edge.log.records.filter(({ rawMessage }) => rawMessage === 'hub frames lost')
  t.match(
    found.map(({ properties }) => properties),
    [{ name: 'radio', frames: undefined, time: /^4\.\ds$/, origin: 'other' }],
  )
})

t.test('a reader that pauses, or does not want the bytes, takes no memory without bound', async (t) => {
  const clock = createManualClock()
  const edge = openEdge(t, clock)
  edge.origin('studio', { epoch: EPOCH_A, frame: largeFrame })
  const connection = await edge.source.open(new AbortController().signal)
  const chunks = connection.chunks[Symbol.asyncIterator]()
  const first = chunks.next()
  await clock.advance(150)
  t.ok((await first).value.length > 20_000)
  await clock.advance(60_000)
  const { value } = await chunks.next()
  t.equal(value, undefined, 'the opening has ended, because frames were dropped')
  const next = await edge.source.open(new AbortController().signal)
  const bytes = await next.chunks[Symbol.asyncIterator]().next()
  t.ok(bytes.value.length <= 4 * 2 ** 20)
  edge.source.release?.()
})

t.test('the description of the origin is that of the stream, also when it changes', async (t) => {
  const clock = createManualClock()
  const edge = openEdge(t, clock)
  edge.stream.start()
  edge.origin('studio', { epoch: EPOCH_A })
  await clock.advance(1_000)
  t.equal(edge.stream.plan.about.name, undefined)
  edge.announce('studio', 'Radio One')
  await clock.advance(200)
  t.equal(edge.stream.plan.about.name, 'Radio One')
  edge.announce('studio', 'Radio Two')
  await clock.advance(200)
  t.equal(edge.stream.plan.about.name, 'Radio Two')
  edge.announce('studio', undefined)
  await clock.advance(200)
  t.equal(edge.stream.plan.about.name, 'Radio Two', 'of an origin that has gone, the last one stays')
})

t.test('bytes that are not messages are ignored, and logged together', async (t) => {
  const clock = createManualClock()
  const edge = openEdge(t, clock)
  edge.stream.start()
  const origin = edge.origin('studio', { epoch: EPOCH_A })
  for (let i = 0; i < 100; i++) {
    origin.link.publish('ss.a.radio.studio', Buffer.from('rubbish'))
    origin.link.publish('ss.a.radio.%zz', Buffer.from('SSF1'))
    await clock.advance(20)
  }
  t.strictSame(edge.numbers, range(0, origin.number))
  t.equal(edge.log.lines().filter((line) => line === 'warning hub message refused').length, 1)
})

t.test('the source is read while it is wanted', async (t) => {
  const clock = createManualClock()
  const edge = openEdge(t, clock)
  edge.stream.start()
  const origin = edge.origin('studio', { epoch: EPOCH_A })
  await clock.advance(1_000)
  await edge.stream.stop('no listeners')
  t.equal(edge.hub.read('radio'), undefined)
  const before = edge.frames.length
  await clock.advance(30_000)
  t.equal(edge.frames.length, before)
  edge.stream.start()
  await clock.advance(1_000)
  t.strictSame(edge.numbers.slice(before), range(edge.numbers[before] ?? 0, origin.number))
  t.ok(edge.numbers.length - before >= 450, 'with the last seconds')
})
