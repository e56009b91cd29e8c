import t from 'tap'
import { keepLog } from '../kept-log.ts'
import { createManualClock } from '../manual-clock.ts'
import { PUBLISH_RULES } from '../plans.ts'
import { openPublisherGate } from './gates.ts'

const RIGHT = { user: 'source', password: 'hackme' }
const WRONG = { user: 'source', password: 'guess' }

function open() {
  const clock = createManualClock()
  return { clock, gate: openPublisherGate(clock, keepLog().logger) }
}

t.test('grants the right user with the right password only', async (t) => {
  const { gate } = open()
  t.equal(await gate.check(PUBLISH_RULES, RIGHT, 'a'), 'granted')
  t.equal(await gate.check(PUBLISH_RULES, WRONG, 'a'), 'wrong')
  t.equal(await gate.check(PUBLISH_RULES, { user: 'other', password: 'hackme' }, 'a'), 'wrong')
  t.equal(await gate.check(PUBLISH_RULES, { user: 'source', password: '' }, 'a'), 'wrong')
  t.equal(await gate.check({ ...PUBLISH_RULES, password: undefined }, { user: 'source', password: '' }, 'a'), 'wrong')
})

t.test('grants everything where anybody may publish', async (t) => {
  const { gate } = open()
  const rules = { ...PUBLISH_RULES, password: undefined, anybody: true }
  t.equal(await gate.check(rules, undefined, 'a'), 'granted')
  t.equal(await gate.check(rules, WRONG, 'a'), 'granted')
})

t.test('refuses a network for a minute after five wrong passwords within a minute', async (t) => {
  const { gate, clock } = open()
  for (let i = 0; i < 5; i++) t.equal(await gate.check(PUBLISH_RULES, WRONG, 'a'), 'wrong')
  t.equal(await gate.check(PUBLISH_RULES, RIGHT, 'a'), 'too many')
  t.equal(await gate.check(PUBLISH_RULES, RIGHT, 'b'), 'granted', 'and no other network')
  await clock.advance(59_999)
  t.equal(await gate.check(PUBLISH_RULES, WRONG, 'a'), 'too many')
  await clock.advance(1)
  t.equal(await gate.check(PUBLISH_RULES, RIGHT, 'a'), 'granted')
  t.equal(await gate.check(PUBLISH_RULES, WRONG, 'a'), 'wrong', 'and the count starts again')
})

t.test('does not count requests without a password, nor wrong ones that are a minute old', async (t) => {
  const { gate, clock } = open()
  for (let i = 0; i < 10; i++) t.equal(await gate.check(PUBLISH_RULES, undefined, 'a'), 'missing')
  for (let i = 0; i < 10; i++) {
    t.equal(await gate.check(PUBLISH_RULES, WRONG, 'a'), 'wrong')
    await clock.advance(15_000)
  }
  t.equal(await gate.check(PUBLISH_RULES, RIGHT, 'a'), 'granted')
})

t.test('remembers the networks with the latest wrong passwords', async (t) => {
  const { gate } = open()
  for (let i = 0; i < 5; i++) await gate.check(PUBLISH_RULES, WRONG, 'first')
  for (let i = 0; i < 999; i++) await gate.check(PUBLISH_RULES, WRONG, `${i}`)
  t.equal(await gate.check(PUBLISH_RULES, RIGHT, 'first'), 'too many')
  await gate.check(PUBLISH_RULES, WRONG, 'one more')
  t.equal(await gate.check(PUBLISH_RULES, RIGHT, 'first'), 'granted', 'for bounded memory')
})
