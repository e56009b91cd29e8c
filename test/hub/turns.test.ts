import t from 'tap'
import { Turns } from '../../src/hub/nats/turns.ts'
import { createManualClock } from '../manual-clock.ts'

t.test('runs some at a time, and others in the order in which they came', async (t) => {
  const clock = createManualClock()
  const turns = new Turns(clock, 2)
  const began: string[] = []
  for (const name of ['a', 'b', 'c', 'd']) {
    void turns.take(1_000).then((isOurs) => began.push(isOurs ? name : `not ${name}`))
  }
  await clock.advance(500)
  t.same(began, ['a', 'b'])
  turns.end()
  await clock.advance(0)
  t.same(began, ['a', 'b', 'c'])
  await clock.advance(500)
  t.same(began, ['a', 'b', 'c', 'not d'], 'one that waits too long has no turn')
  turns.end()
  turns.end()
  t.same(await Promise.all([turns.take(0), turns.take(0)]), [true, true])
})
