import fc from 'fast-check'
import t from 'tap'
import { encodeMessage, type HubKey, type HubMessage } from '../../filters/hub/message.ts'
import { OriginChoice } from '../../src/hub/edge/origin-choice.ts'
import { createManualClock } from '../manual-clock.ts'
import { ChoiceWorld, range } from './choice-world.ts'

const [EPOCH_A, EPOCH_B] = ['0000000000aa', '0000000000bb']
const RUNS = { numRuns: 25 }

/** What a network does to a message: delays of its copies, in milliseconds. */
const copies = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(fc.integer({ min: 0, max: 20 })) },
  { weight: 1, arbitrary: fc.tuple(fc.integer({ min: 0, max: 140 })) },
  { weight: 1, arbitrary: fc.tuple(fc.integer({ min: 0, max: 140 }), fc.integer({ min: 0, max: 900 })) },
  { weight: 1, arbitrary: fc.constant([]) },
)

/** A network for messages, in turn; what is sent again may be lost again. */
function networkOf(all: readonly (readonly number[])[]): () => readonly number[] {
  let turn = 0
  return () => all[turn++ % all.length] ?? []
}

t.test('frames are heard once and in order, and only those are missing that arrived too late or never', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(copies, { minLength: 20, maxLength: 80 }), async (all) => {
      const clock = createManualClock()
      const world = new ChoiceWorld(clock)
      const network = networkOf(all)
      const arrivals = new Map<number, number>()
      world.network = (_, message) => {
        const delays = network()
        for (const delay of delays) {
          const at = clock.now() + delay
          for (let i = 0; i < message.frames.length; i++) {
            const number = message.seq + i
            arrivals.set(number, Math.min(at, arrivals.get(number) ?? at))
          }
        }
        return delays
      }
      const origin = world.origin('a', { epoch: EPOCH_A })
      await clock.advance(6_000)
      origin.stop()
      await clock.advance(2_000)
      world.end()
      const { numbers, fault } = world
      if (fault !== undefined) throw new Error(fault)
      if (numbers.some((number, i) => i > 0 && number <= (numbers[i - 1] ?? 0))) throw new Error('not in order')
      const heard = new Set(numbers)
      const times = new Map(
        world.heard.flatMap(({ at, message: m }) => m.frames.map((_, i) => [m.seq + i, at] as const)),
      )
      for (let number = numbers[0] ?? 0; number < (numbers.at(-1) ?? 0); number++) {
        if (heard.has(number)) continue
        const passedAt = times.get(numbers.find((other) => other > number) ?? 0) ?? 0
        if ((arrivals.get(number) ?? Number.POSITIVE_INFINITY) < passedAt)
          throw new Error(`${number} was there in time`)
      }
    }),
    RUNS,
  )
  t.end()
})

t.test('what one of two origins with the same frames has is not lost, whatever happens to the other', async (t) => {
  const fault = fc.record({
    kind: fc.constantFrom('dies', 'stops', 'slow', 'lossy'),
    at: fc.integer({ min: 2_500, max: 5_000 }),
    forMs: fc.integer({ min: 100, max: 3_000 }),
    behindMs: fc.integer({ min: 0, max: 80 }),
    size: fc.integer({ min: 1, max: 6 }),
  })
  await fc.assert(
    fc.asyncProperty(fault, async ({ kind, at, forMs, behindMs, size }) => {
      const clock = createManualClock()
      const world = new ChoiceWorld(clock)
      let isLossy = false
      world.answers = false
      world.network = (name, { seq }) => (name === 'b' ? [behindMs] : isLossy && seq % 3 === 0 ? [] : [0])
      const a = world.origin('a', { epoch: EPOCH_A, seq: 5 })
      const b = world.origin('b', { epoch: EPOCH_B, seq: 900, size })
      await clock.advance(at)
      if (kind === 'dies' || kind === 'stops') a.stop()
      if (kind === 'slow') a.speed = 0.5
      isLossy = kind === 'lossy'
      await clock.advance(forMs)
      if (kind === 'stops') a.start()
      await clock.advance(7_000)
      b.stop()
      a.stop()
      await clock.advance(behindMs)
      world.end()
      const why = `${kind}: ${world.fault ?? ''}`
      t.equal(world.fault, undefined, why)
      const { number } = world.choice.heard === 'b' ? b : a
      t.strictSame(world.numbers, range(0, Math.max(number, world.numbers.length)), why)
      t.equal(world.openings, 1, why)
      t.ok(world.longestSilenceMs <= 500, `${why} ${world.longestSilenceMs} ms`)
    }),
    RUNS,
  )
})

t.test('origins with other frames: never more than half a second of silence, and never old sound', async (t) => {
  const fault = fc.record({
    kind: fc.constantFrom('dies', 'slow'),
    at: fc.integer({ min: 2_500, max: 6_500 }),
    behindMs: fc.integer({ min: 0, max: 80 }),
    size: fc.integer({ min: 1, max: 6 }),
  })
  await fc.assert(
    fc.asyncProperty(fault, async ({ kind, at, behindMs, size }) => {
      const clock = createManualClock()
      const world = new ChoiceWorld(clock)
      world.network = (name) => [name === 'b' ? behindMs : 0]
      const a = world.origin('a', { epoch: EPOCH_A })
      await clock.advance(150)
      const b = world.origin('b', { epoch: EPOCH_B, first: 100_000, size })
      await clock.advance(at)
      if (kind === 'dies') a.stop()
      else a.speed = 0.5
      await clock.advance(5_000)
      b.stop()
      await clock.advance(behindMs)
      world.end()
      const why = `${kind} at ${at}, ${behindMs} ms behind, messages of ${size}`
      t.equal(world.fault, undefined, why)
      t.equal(world.choice.heard, 'b', why)
      t.equal(world.choice.counters.changes, 1, why)
      t.ok(world.longestSilenceMs <= 420, `${why}: ${world.longestSilenceMs} ms`)
      const others = world.numbers.filter((number) => number >= 100_000)
      t.equal(world.numbers.slice(-others.length)[0], others[0], 'the first one is not heard any more')
      t.strictSame(others, range(others[0] ?? 0, b.number), why)
    }),
    RUNS,
  )
})

const odd = fc.oneof(
  fc.double(),
  fc.constantFrom(0, -1, 1, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER - 1, 1e300, Number.NaN),
  fc.integer(),
)

const key: fc.Arbitrary<HubKey | undefined> = fc.option(
  fc.record({
    filter: fc.constantFrom('raw', 'mp3', 'ogg', 'flac', 'wav', 'aac-adts', 'auto', 'nothing', ''),
    contentType: fc.constantFrom('audio/mpeg', ''),
    format: fc.string(),
    header: fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from(bytes)),
    preamble: fc.option(fc.uint8Array({ maxLength: 99 }).map((bytes) => Buffer.from(bytes))),
    title: fc.string(),
  }),
  { nil: undefined },
)

const message: fc.Arbitrary<HubMessage> = fc.record({
  epoch: fc.oneof(fc.constantFrom(EPOCH_A, EPOCH_B), fc.string()),
  epochBeganAt: odd,
  seq: fc.oneof(odd, fc.integer({ min: 0, max: 60 })),
  us: odd,
  sentAt: odd,
  frames: fc.array(
    fc.record({
      bytes: fc.uint8Array({ minLength: 1, maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
      durationUs: fc.oneof(odd, fc.constant(20_000)),
    }),
    { maxLength: 8 },
  ),
  key,
})

t.test('no message makes it throw, and none is delivered twice', async (t) => {
  const step = fc.record({
    origin: fc.oneof(fc.constantFrom('a', 'b'), fc.string()),
    message,
    ms: fc.constantFrom(0, 1, 20, 100, 500),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 120 }), async (steps) => {
      const clock = createManualClock()
      let delivered = 0
      const choice = new OriginChoice({ frames: () => void delivered++, askAgain: () => {} }, clock)
      for (const { origin, message: own, ms } of steps) {
        choice.take(origin, own, Buffer.alloc(100))
        if (ms > 0) await clock.advance(ms)
      }
      choice.reconnected()
      choice.interrupted()
      choice.close()
      if (choice.origins().length > 8) throw new Error('too many origins')
      if (delivered > steps.length) throw new Error('more messages than there were')
    }),
    { numRuns: 150 },
  )
  t.end()
})

t.test('random epochs, numbers and origins take no memory without bound', async (t) => {
  const clock = createManualClock()
  let delivered = 0
  const choice = new OriginChoice({ frames: () => void delivered++, askAgain: () => {} }, clock)
  const frames = [{ bytes: Buffer.alloc(2_000), durationUs: 20_000 }]
  const raw = { filter: 'raw', contentType: 'audio/x-test', format: '', title: '' }
  const own = { ...raw, header: Buffer.alloc(0), preamble: Buffer.alloc(0) }
  const sizes: number[] = []
  for (let round = 0; round < 40; round++) {
    for (let i = 0; i < 500; i++) {
      const number = round * 500 + i
      const hostile: HubMessage = {
        epoch: i % 3 === 0 ? number.toString(16).padStart(12, '0') : EPOCH_A,
        epochBeganAt: number,
        seq: (number * 7919 * 2 ** (i % 20)) % Number.MAX_SAFE_INTEGER,
        us: number * 1e9,
        sentAt: 0,
        frames,
        key: i % 5 === 0 ? own : undefined,
      }
      choice.take(`origin ${number % 50}`, hostile, encodeMessage(hostile))
      choice.take('a', { ...hostile, epoch: EPOCH_A, key: undefined }, encodeMessage(hostile))
    }
    await clock.advance(100)
    globalThis.gc?.()
    sizes.push(process.memoryUsage().arrayBuffers)
  }
  choice.close()
  t.ok(delivered > 0)
  // 8 origins, each with at most 2 MiB that wait, and 2 MiB that are kept.
  t.ok(Math.max(...sizes) < 150e6, `${Math.max(...sizes)} bytes`)
})
