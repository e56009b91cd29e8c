import t, { type Test } from 'tap'
import { createManualClock } from '../manual-clock.ts'
import { ChoiceWorld, type Heard, numberedFrame, range } from './choice-world.ts'

const [EPOCH_A, EPOCH_B, EPOCH_C] = ['0000000000aa', '0000000000bb', '0000000000cc']

function open(t: Pick<Test, 'teardown'>) {
  const clock = createManualClock()
  const world = new ChoiceWorld(clock)
  t.teardown(() => world.end())
  return { clock, world }
}

t.test('frames of one origin arrive as they were sent', async (t) => {
  const { clock, world } = open(t)
  const origin = world.origin('a', { epoch: EPOCH_A, seq: 700 })
  await clock.advance(5_000)
  t.strictSame(world.numbers, range(0, origin.number))
  t.equal(world.openings, 1)
  t.equal(world.fault, undefined)
  t.equal(world.choice.heard, 'a')
  t.match(world.choice.counters, { changes: 0, duplicates: 0, lost: 0, gapMs: 0 })
  t.equal(world.asked, 0)
})

t.test('an edge that starts within an epoch begins with the first key', async (t) => {
  const { clock, world } = open(t)
  world.network = () => []
  world.origin('a', { epoch: EPOCH_A })
  await clock.advance(1_000)
  world.network = () => [0]
  world.answers = false
  await clock.advance(3_000)
  t.equal(world.numbers[0], 100, 'the second key is 2 s behind the first')
  t.equal(world.fault, undefined)
  t.equal(world.asked, 1, 'it asks once for a key')
  t.equal(world.choice.counters.lost, 0)
})

t.test('messages that arrive twice or in another order are put in order', async (t) => {
  const { clock, world } = open(t)
  let turn = 0
  world.network = () => ([[0], [130], [0, 10], [90]] as const)[turn++ % 4] ?? []
  const origin = world.origin('a', { epoch: EPOCH_A })
  await clock.advance(4_000)
  origin.stop()
  await clock.advance(1_000)
  t.strictSame(world.numbers, range(0, origin.number))
  t.equal(world.openings, 1)
  t.equal(world.choice.counters.lost, 0)
  t.ok(world.choice.counters.duplicates >= 50)
})

t.test('frames that overlap with earlier ones are trimmed', async (t) => {
  const { clock, world } = open(t)
  const origin = world.origin('a', { epoch: EPOCH_A })
  await clock.advance(100)
  const [{ message }] = world.heard as [Heard]
  origin.stop()
  const frames = range(3, 9).map((number) => ({ bytes: numberedFrame(number), durationUs: 20_000 }))
  world.arrive('a', { ...message, seq: 3, us: 60_000, frames, key: undefined })
  t.strictSame(world.numbers, range(0, 9))
  t.equal(world.fault, undefined)
  t.equal(world.choice.counters.duplicates, 2)
})

t.test('missing frames are asked for and waited for', async (t) => {
  const { clock, world } = open(t)
  const lost = new Set([20, 25, 60])
  world.network = (_, { seq }) => (lost.delete(seq) ? [] : [0])
  const origin = world.origin('a', { epoch: EPOCH_A })
  await clock.advance(3_000)
  t.strictSame(world.numbers, range(0, origin.number))
  t.equal(world.openings, 1)
  t.equal(world.asked, 2, 'once for each gap')
  t.match(world.choice.counters, { refilled: 15, lost: 0 })
})

t.test(
  'missing frames are waited for while an origin may not answer yet, because it has just answered another edge',
  async (t) => {
    const { clock, world } = open(t)
    world.answers = false
    let isLost = true
    world.network = (_, { seq }) => (isLost && seq === 20 ? [] : [0])
    const origin = world.origin('a', { epoch: EPOCH_A })
    await clock.advance(600)
    t.equal(world.asked, 1)
    isLost = false
    await clock.advance(170)
    origin.sendAgain()
    await clock.advance(1_000)
    t.strictSame(world.numbers, range(0, origin.number))
    t.match(world.choice.counters, { lost: 0 })
  },
)

t.test('missing frames are waited for while nothing arrives', async (t) => {
  const { clock, world } = open(t)
  world.answers = false
  let arrives = true
  world.network = (_, { seq }) => (arrives && seq !== 20 ? [0] : [])
  const origin = world.origin('a', { epoch: EPOCH_A })
  await clock.advance(600)
  // The request, or the answer, is on a way that is silent now: a server has ended, or this machine is busy.
  arrives = false
  await clock.advance(800)
  world.network = () => [0]
  origin.sendAgain()
  await clock.advance(1_000)
  t.strictSame(world.numbers, range(0, origin.number))
  t.equal(world.openings, 1)
  t.match(world.choice.counters, { lost: 0 })
})

t.test('frames that do not come are left out after a time, and listeners begin behind them', async (t) => {
  const { clock, world } = open(t)
  world.network = (_, { seq }) => (seq === 20 || seq === 25 ? [] : [0])
  const origin = world.origin('a', { epoch: EPOCH_A })
  await clock.advance(3_000)
  t.strictSame(world.numbers, [...range(0, 20), ...range(30, origin.number)])
  t.equal(world.openings, 2)
  t.equal(world.fault, undefined)
  t.match(world.choice.counters, { lost: 10 })
  t.ok(world.longestSilenceMs <= 500, `${world.longestSilenceMs}`)
})

t.test('the next epoch of an origin begins at once', async (t) => {
  const { clock, world } = open(t)
  const origin = world.origin('a', { epoch: EPOCH_A })
  await clock.advance(1_000)
  origin.enter(EPOCH_B)
  await clock.advance(1_000)
  // It was started again, so that its numbers begin anew.
  origin.enter(EPOCH_C, 0)
  await clock.advance(1_000)
  t.strictSame(world.numbers, range(0, origin.number))
  t.equal(world.openings, 3)
  t.equal(world.fault, undefined)
  t.equal(world.longestSilenceMs, 0)
})

t.test('late frames of an epoch precede the next one', async (t) => {
  const { clock, world } = open(t)
  world.network = (_, { seq }) => (seq === 45 ? [110] : [0])
  const origin = world.origin('a', { epoch: EPOCH_A })
  await clock.advance(1_000)
  origin.enter(EPOCH_B)
  await clock.advance(1_000)
  t.strictSame(world.numbers, range(0, origin.number))
  t.equal(world.openings, 2)
  t.equal(world.fault, undefined)
})

t.test('messages of an earlier epoch that arrive again do no harm', async (t) => {
  const { clock, world } = open(t)
  const origin = world.origin('a', { epoch: EPOCH_A })
  await clock.advance(1_000)
  origin.enter(EPOCH_B)
  await clock.advance(300)
  origin.sendAgain()
  await clock.advance(1_000)
  t.strictSame(world.numbers, range(0, origin.number))
  t.equal(world.openings, 2)
})

t.test('another origin with the same frames continues without a seam', async (t) => {
  for (const delay of [0, 60, 250]) {
    const { clock, world } = open(t)
    world.network = (name) => [name === 'b' ? delay : 0]
    const a = world.origin('a', { epoch: EPOCH_A, seq: 40 })
    const b = world.origin('b', { epoch: EPOCH_B, seq: 9_000, size: 6 })
    await clock.advance(4_030)
    a.stop()
    await clock.advance(4_000)
    b.stop()
    await clock.advance(delay)
    t.strictSame(world.numbers, range(0, b.number), `${delay} ms behind`)
    t.equal(world.openings, 1)
    t.equal(world.fault, undefined)
    t.equal(world.choice.heard, 'b')
    t.match(world.choice.counters, { changes: 1, lost: 0 })
    t.ok(world.longestSilenceMs <= 400, `${world.longestSilenceMs}`)
  }
})

t.test('an origin that comes back is not heard until the other one fails', async (t) => {
  const { clock, world } = open(t)
  const a = world.origin('a', { epoch: EPOCH_A, seq: 40 })
  const b = world.origin('b', { epoch: EPOCH_B, seq: 9_000, size: 6 })
  await clock.advance(4_000)
  a.stop()
  await clock.advance(2_000)
  // As after SIGCONT: it goes on where it was, and is faster until it has sent all.
  for (let i = 0; i < 20; i++) a.sendNow()
  a.start()
  await clock.advance(4_000)
  t.equal(world.choice.heard, 'b')
  b.stop()
  await clock.advance(2_000)
  t.equal(world.choice.heard, 'a')
  t.strictSame(world.numbers, range(0, a.number))
  t.equal(world.openings, 1)
  t.equal(world.fault, undefined)
  t.equal(world.choice.counters.changes, 2)
})

t.test('another origin with other frames begins with those since the silence', async (t) => {
  const { clock, world } = open(t)
  const a = world.origin('a', { epoch: EPOCH_A })
  const b = world.origin('b', { epoch: EPOCH_B, first: 100_000 })
  await clock.advance(5_030)
  a.stop()
  await clock.advance(4_000)
  const [before, after] = [world.numbers.filter((n) => n < 100_000), world.numbers.filter((n) => n >= 100_000)]
  t.strictSame(before, range(0, a.number))
  t.strictSame(after, range(after[0] ?? 0, b.number))
  t.equal(world.openings, 2)
  t.equal(world.fault, undefined)
  t.ok(Math.abs((after[0] ?? 0) - 100_000 - a.number) <= 5, 'neither old sound nor missing sound')
  t.ok(world.longestSilenceMs <= 400, `${world.longestSilenceMs}`)
})

t.test('an origin at half speed is left before half a second of sound is missing', async (t) => {
  const { clock, world } = open(t)
  const a = world.origin('a', { epoch: EPOCH_A })
  const b = world.origin('b', { epoch: EPOCH_B, seq: 50 })
  await clock.advance(5_000)
  a.speed = 0.5
  const from = clock.now()
  let worst = 0
  for (let i = 0; i < 200; i++) {
    await clock.advance(20)
    const sound = world.numbers.length * 20
    worst = Math.max(worst, 5_000 + clock.now() - from - sound)
  }
  t.equal(world.choice.heard, 'b')
  t.ok(worst <= 520, `${worst} ms of sound were missing`)
  t.strictSame(world.numbers, range(0, b.number))
  t.equal(world.openings, 1)
})

t.test('two origins with long messages are not confused', async (t) => {
  const { clock, world } = open(t)
  const a = world.origin('a', { epoch: EPOCH_A, size: 50 })
  await clock.advance(450)
  world.origin('b', { epoch: EPOCH_B, size: 50, first: 22 })
  await clock.advance(10_000)
  t.equal(world.choice.counters.changes, 0)
  a.stop()
  await clock.advance(3_000)
  t.equal(world.choice.heard, 'b')
  t.equal(world.openings, 1)
})

t.test('an origin that sends pages of a second in pairs is not taken for silent', async (t) => {
  const { clock, world } = open(t)
  const a = world.origin('a', { epoch: EPOCH_A, size: 50 })
  const b = world.origin('b', { epoch: EPOCH_B, size: 50, first: 40 })
  a.stop()
  b.stop()
  for (let i = 0; i < 10; i++) {
    a.sendNow()
    a.sendNow()
    await clock.advance(1_100)
    b.sendNow()
    b.sendNow()
    await clock.advance(900)
  }
  t.equal(world.choice.counters.changes, 0)
  t.strictSame(world.numbers, range(0, a.number))
})

t.test('frames of silence alone do not make two origins the same', async (t) => {
  const { clock, world } = open(t)
  const silent = numberedFrame(0)
  const frame = () => silent
  const a = world.origin('a', { epoch: EPOCH_A, frame })
  world.origin('b', { epoch: EPOCH_B, frame })
  await clock.advance(4_000)
  a.stop()
  await clock.advance(1_000)
  t.equal(world.choice.heard, 'b')
  t.equal(world.openings, 2)
})

t.test('what one origin has lost is taken from another one', async (t) => {
  const { clock, world } = open(t)
  world.answers = false
  world.network = (name, { seq }) => (name === 'a' && seq % 500 === 300 ? [] : [0])
  const a = world.origin('a', { epoch: EPOCH_A })
  world.origin('b', { epoch: EPOCH_B, seq: 77 })
  await clock.advance(12_000)
  t.strictSame(world.numbers, range(0, a.number))
  t.equal(world.openings, 1)
  t.equal(world.fault, undefined)
})

t.test('both origins away, the first one back is heard', async (t) => {
  const { clock, world } = open(t)
  world.answers = false
  const a = world.origin('a', { epoch: EPOCH_A })
  const b = world.origin('b', { epoch: EPOCH_B, first: 100_000 })
  await clock.advance(3_000)
  a.stop()
  b.stop()
  await clock.advance(3_000)
  b.start()
  await clock.advance(1_000)
  t.equal(world.choice.heard, 'b')
  t.strictSame(
    world.choice.origins().map(({ isHeard }) => isHeard),
    [false, true],
  )
  t.equal(world.fault, undefined)
  t.ok(world.choice.counters.longestGapMs > 2_500)
})
