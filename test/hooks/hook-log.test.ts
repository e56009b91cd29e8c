import t from 'tap'
import type { EventName } from '../../src/events/event-table.ts'
import { ReportedEvent } from '../../src/events/reported-event.ts'
import { HookLog } from '../../src/hooks/hook-log.ts'
import { keepLog } from '../kept-log.ts'
import { createManualClock } from '../manual-clock.ts'

function eventOf(name: EventName, stream: string | null = '/radio'): ReportedEvent {
  return new ReportedEvent(1, name, stream, 0, {})
}

t.test('logs a failing hook at once, and then once a minute with the number of failures', async (t) => {
  const clock = createManualClock(0)
  const log = keepLog()
  const hooks = new HookLog(clock, log.logger)
  for (let i = 0; i < 6_000; i++) {
    hooks.failed(eventOf('source-down'), { reason: `exit code ${i}`, stderr: 'oh' })
    await clock.advance(20)
  }
  await clock.advance(200_000)
  t.match(
    log.records.map(({ properties }) => properties),
    [
      { event: 'source-down', stream: '/radio', reason: 'exit code 0', stderr: 'oh', failures: undefined },
      { reason: 'exit code 2999', failures: 2_999 },
      { reason: 'exit code 5999', failures: 3_000 },
    ],
  )
  t.equal(log.records.length, 3)
  hooks.failed(eventOf('source-down'), { reason: 'again' })
  t.match(log.records.at(-1)?.properties, { reason: 'again', failures: undefined })
})

t.test('counts the events that were left out, and names them once a minute', async (t) => {
  const clock = createManualClock(0)
  const log = keepLog()
  const hooks = new HookLog(clock, log.logger)
  for (let i = 0; i < 500; i++) hooks.omitted(eventOf('listen'))
  hooks.omitted(eventOf('stop', null))
  t.strictSame(log.lines(), [])
  await clock.advance(60_000)
  t.strictSame(log.lines(), ['warning hook events omitted'])
  t.match(log.records[0]?.properties, { count: 501, events: 'listen of /radio: 500, stop: 1' })
  for (let i = 0; i < 20; i++) hooks.omitted(eventOf('title', `/${i}`))
  hooks.flush()
  t.match(log.records[1]?.properties, { count: 20, events: /title of \/9: 1, …$/ })
  await clock.advance(200_000)
  t.equal(log.records.length, 2)
  t.equal(await clock.next(), undefined, 'without a timer')
})
