import t from 'tap'
import { createRatePerClient } from '../../src/access/rate-per-client.ts'
import { createManualClock } from '../manual-clock.ts'

t.test('allows each client a burst and then a rate per second', async (t) => {
  const clock = createManualClock()
  const rate = createRatePerClient(2, 3, clock)
  const take = (client: string, times: number) => Array.from({ length: times }, () => rate.take(client))
  t.strictSame(take('one', 4), [true, true, true, false])
  t.strictSame(take('other', 1), [true])
  await clock.advance(1_000)
  t.strictSame(take('one', 3), [true, true, false])
  await clock.advance(60_000)
  t.strictSame(take('one', 4), [true, true, true, false])
})

t.test('remembers the last thousand clients', async (t) => {
  const rate = createRatePerClient(1, 1, createManualClock())
  t.ok(rate.take('one'))
  for (let i = 0; i < 999; i++) rate.take(`client ${i}`)
  t.notOk(rate.take('one'))
  for (let i = 0; i < 1_000; i++) rate.take(`another ${i}`)
  t.ok(rate.take('one'))
})
