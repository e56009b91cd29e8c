import t from 'tap'
import type { EventName } from '../../src/events/event-table.ts'
import { ReportedEvent } from '../../src/events/reported-event.ts'
import type { Delivery } from '../../src/hooks/delivery.ts'
import { HookQueue } from '../../src/hooks/hook-queue.ts'
import { createManualClock } from '../manual-clock.ts'

/** A queue whose hooks take a time, and a record of them. @param hookMs duration of a hook, by its event. */
function createQueue(hookMs: (event: ReportedEvent) => number) {
  const clock = createManualClock(0)
  const state = { running: 0, mostRunning: 0, omitted: 0, aborted: 0 }
  const delivered: Delivery[] = []
  const began: Delivery[] = []
  const deliver = async (delivery: Delivery, ending: AbortController) => {
    began.push(delivery)
    state.running++
    state.mostRunning = Math.max(state.running, state.mostRunning)
    await new Promise<void>((resolve) => {
      ending.signal.addEventListener('abort', () => {
        state.aborted++
        resolve()
      })
      clock.after(hookMs(delivery.event), resolve)
    })
    state.running--
    delivered.push(delivery)
  }
  const queue = new HookQueue(deliver, () => void state.omitted++, clock)
  let id = 0
  const happens = (name: EventName, stream: string | null = '/radio') => {
    queue.add(new ReportedEvent(++id, name, stream, 0, {}), { kind: 'url', url: 'http://127.0.0.1/' })
    return id
  }
  return { clock, queue, state, delivered, began, happens }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

t.test('a source that flaps 100 times a second for a minute', async (t) => {
  for (const hookMs of [5, 70, 2_500]) {
    const { clock, state, delivered, happens } = createQueue(() => hookMs)
    let last = 0
    for (let i = 0; i < 6_000; i++) {
      for (const stream of ['/a', '/b', '/c', '/d', '/e', '/f']) last = happens('source-up', stream)
      await clock.advance(5)
      for (const stream of ['/a', '/b', '/c', '/d', '/e', '/f']) last = happens('source-down', stream)
      await clock.advance(5)
    }
    await clock.advance(20_000)
    t.equal(state.running, 0)
    t.ok(state.mostRunning <= 4, `at most 4 hooks of ${hookMs} ms at a time`)
    t.equal(delivered.length + state.omitted, 72_000)
    for (const name of ['source-up', 'source-down']) {
      const own = delivered.filter(({ event }) => event.name === name && event.stream === '/a')
      t.equal(sum(own.map(({ skipped }) => skipped + 1)), 6_000, `no ${name} is lost`)
    }
    for (const stream of ['/a', '/f']) {
      const own = delivered.filter(({ event }) => event.stream === stream)
      const ids = own.map(({ event }) => event.id)
      t.strictSame(
        ids,
        ids.toSorted((one, other) => one - other),
        'in order',
      )
      t.match(own.at(-1)?.event, { name: 'source-down', id: stream === '/f' ? last : last - 5 }, 'the last state')
    }
  }
})

t.test('runs at most four hooks at a time, of which three are for events that happen once', async (t) => {
  const { clock, state, began, happens } = createQueue(() => 1_000)
  for (let i = 0; i < 10; i++) happens('listen')
  t.equal(state.running, 3)
  happens('source-down')
  t.equal(state.running, 4)
  t.equal(began.at(-1)?.event.name, 'source-down', 'although others wait')
  await clock.advance(1_000)
  t.equal(state.running, 3)
})

t.test('keeps 1,000 events that happen once, and counts the rest', async (t) => {
  const { clock, state, delivered, happens } = createQueue(() => 10)
  for (let i = 0; i < 10_000; i++) happens('listen')
  for (let i = 0; i < 10; i++) happens('leave')
  t.equal(state.omitted, 10_010 - 1_003)
  await clock.advance(60_000)
  happens('leave')
  await clock.advance(1_000)
  t.equal(delivered.length, 1_004)
  t.equal(sum(delivered.map(({ skipped }) => skipped + 1)), 10_011)
})

t.test('delivers both states once each when a hook takes longer than they last', async (t) => {
  const { clock, delivered, happens } = createQueue(() => 1_000)
  for (const name of ['source-down', 'source-up', 'source-down', 'source-up', 'source-down'] as const) happens(name)
  await clock.advance(5_000)
  const values = delivered.map(({ event: { name, id }, skipped }) => [name, id, skipped])
  t.strictSame(values, [
    ['source-down', 1, 0],
    ['source-up', 4, 1],
    ['source-down', 5, 1],
  ])
})

t.test('gives states and other events turns', async (t) => {
  const { clock, delivered, happens } = createQueue(() => 100)
  for (let i = 0; i < 20; i++) happens('listen')
  for (let i = 0; i < 50; i++) for (let at = 0; at < 20; at++) happens('title', `/${at}`)
  await clock.advance(500)
  const listens = delivered.filter(({ event }) => event.name === 'listen').length
  t.ok(listens >= 8 && listens <= 15, `${listens} of ${delivered.length}`)
})

t.test('delivers the last event of the program although hooks hang, within 5 s', async (t) => {
  const { clock, queue, state, began, happens } = createQueue((event) => (event.name === 'stop' ? 2_000 : 1e9))
  for (let i = 0; i < 4; i++) happens('source-down', `/${i}`)
  for (let i = 0; i < 9; i++) happens('listen')
  for (let i = 4; i < 9; i++) happens('source-down', `/${i}`)
  t.equal(state.running, 4)
  happens('stop', null)
  t.equal(began.at(-1)?.event.name, 'stop')
  t.equal(state.aborted, 1)
  const ended = queue.end()
  await clock.advance(4_999)
  t.equal(await Promise.race([ended, Promise.resolve('not yet')]), 'not yet')
  await clock.advance(1)
  await ended
  t.equal(began.length + state.omitted, 19)
})

t.test('ends at once without events', async (t) => {
  const { queue, happens, clock } = createQueue(() => 100)
  await queue.end()
  happens('listen')
  const ended = queue.end()
  await clock.advance(100)
  await ended
  t.end()
})
