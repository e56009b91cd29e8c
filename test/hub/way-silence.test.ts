import t, { type Test } from 'tap'
import { createManualClock } from '../manual-clock.ts'
import { ChoiceWorld, range } from './choice-world.ts'

const [EPOCH_A, EPOCH_B] = ['0000000000aa', '0000000000bb']
/** Time by which the second origin is behind, in milliseconds. */
const BEHIND_MS = 180

function open(t: Pick<Test, 'teardown'>) {
  const clock = createManualClock()
  const world = new ChoiceWorld(clock)
  let stalledUntil = 0
  world.network = (name) => [Math.max(name === 'b' ? BEHIND_MS : 0, stalledUntil - clock.now())]
  world.origin('a', { epoch: EPOCH_A, seq: 40 })
  t.teardown(() => world.end())
  const stall = (ms: number) => {
    stalledUntil = clock.now() + ms
  }
  return { clock, world, stall }
}

t.test('a silence of the way from the hub is not one of the heard origin', async (t) => {
  for (const stallMs of [390, 450, 700, 1_300]) {
    const { clock, world, stall } = open(t)
    world.origin('b', { epoch: EPOCH_B, seq: 9_000, size: 6 })
    await clock.advance(4_030)
    stall(stallMs)
    await clock.advance(4_000)
    t.strictSame(world.numbers, range(0, world.numbers.length), `no frame twice after ${stallMs} ms`)
    t.equal(world.openings, 1)
    t.match(world.choice.counters, { changes: 0, lost: 0 })
  }
})

t.test('an origin that dies in a silence of the way is replaced', async (t) => {
  const { clock, world, stall } = open(t)
  world.origin('b', { epoch: EPOCH_B, seq: 9_000, size: 6 })
  await clock.advance(4_030)
  stall(700)
  world.origins[0]?.stop()
  await clock.advance(4_000)
  t.strictSame(world.numbers, range(0, world.numbers.length))
  t.equal(world.choice.heard, 'b')
  t.ok(world.longestSilenceMs <= 700 + 400, `${world.longestSilenceMs}`)
})
