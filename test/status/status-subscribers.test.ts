import t from 'tap'
import type { StatusNews } from '../../src/status/report.ts'
import { type StatusSubscriber, StatusSubscribers } from '../../src/status/status-subscribers.ts'
import { createManualClock } from '../manual-clock.ts'
import { reportOf, streamOf } from './reports.ts'

function createWatch() {
  const clock = createManualClock(0)
  const counts = { reports: 0, pulses: 0 }
  let pulse = 'quiet'
  const status = {
    async report() {
      counts.reports++
      return reportOf([streamOf('/')])
    },
    pulse() {
      counts.pulses++
      return pulse
    },
    stop: () => {},
  }
  return {
    clock,
    counts,
    lookers: new StatusSubscribers(status, clock),
    happens: (what: string) => {
      pulse = what
    },
  }
}

/** A subscriber that records what was sent to it: `whole` reports and `news`, with times. */
function look(clock: { now(): number }) {
  const got: (readonly [at: number, kind: 'whole' | 'news'])[] = []
  const state = { isBusy: false, hasEnded: false }
  const looker: StatusSubscriber = {
    network: 'one',
    get isBusy() {
      return state.isBusy
    },
    send: (news) => void got.push([clock.now(), (JSON.parse(news) as StatusNews).whole ? 'whole' : 'news']),
    end: () => {
      state.hasEnded = true
    },
  }
  return { looker, state, got }
}

t.test('sends a new subscriber a whole report at once, and then news once a second', async (t) => {
  const { clock, lookers } = createWatch()
  const { looker, got } = look(clock)
  t.ok(lookers.add(looker))
  await clock.advance(3_500)
  t.strictSame(got, [
    [0, 'whole'],
    [1_000, 'news'],
    [2_000, 'news'],
    [3_000, 'news'],
  ])
})

t.test('reports events within a quarter of a second', async (t) => {
  const { clock, lookers, happens } = createWatch()
  const { looker, got } = look(clock)
  lookers.add(looker)
  await clock.advance(1_300)
  happens('a listener')
  await clock.advance(250)
  t.strictSame(got.at(-1), [1_500, 'news'])
})

t.test('collects nothing without subscribers', async (t) => {
  const { clock, counts, lookers } = createWatch()
  await clock.advance(10_000)
  t.strictSame(counts, { reports: 0, pulses: 0 })
  const { looker } = look(clock)
  lookers.add(looker)
  await clock.advance(2_000)
  lookers.remove(looker)
  await clock.advance(1_000)
  const before = { ...counts }
  t.ok(before.reports > 0)
  await clock.advance(10_000)
  t.strictSame(counts, before)
  t.equal(await clock.next(), undefined)
})

t.test('shares a report among all subscribers', async (t) => {
  const { clock, counts, lookers } = createWatch()
  const all = Array.from({ length: 20 }, () => look(clock))
  for (const { looker } of all) lookers.add(looker)
  await clock.advance(0)
  const before = counts.reports
  await clock.advance(5_000)
  t.equal(counts.reports - before, 5)
  for (const { got } of all) t.equal(got.length, 6)
})

t.test(
  'skips news for a slow subscriber, sends a whole report later, and disconnects it when it never reads',
  async (t) => {
    const { clock, lookers } = createWatch()
    const [slow, dead, other] = [look(clock), look(clock), look(clock)]
    for (const { looker } of [slow, dead, other]) lookers.add(looker)
    await clock.advance(500)
    slow.state.isBusy = true
    dead.state.isBusy = true
    await clock.advance(4_000)
    slow.state.isBusy = false
    await clock.advance(2_000)
    t.strictSame(slow.got, [
      [0, 'whole'],
      [5_000, 'whole'],
      [6_000, 'news'],
    ])
    t.notOk(dead.state.hasEnded)
    await clock.advance(6_000)
    t.ok(dead.state.hasEnded)
    t.equal(dead.got.length, 1)
    t.equal(other.got.length, 13)
  },
)

t.test('accepts at most 32 subscribers', async (t) => {
  const { clock, lookers } = createWatch()
  const all = Array.from({ length: 32 }, () => look(clock))
  for (const { looker } of all) t.ok(lookers.add(looker))
  t.notOk(lookers.add(look(clock).looker))
  await clock.advance(100)
  const [first] = all
  if (first !== undefined) lookers.remove(first.looker)
  t.ok(lookers.add(look(clock).looker))
})

t.test('disconnects all subscribers at the end, and accepts no more', async (t) => {
  const { clock, lookers } = createWatch()
  const [early, late, later] = [look(clock), look(clock), look(clock)]
  lookers.add(early.looker)
  await clock.advance(1_200)
  lookers.add(late.looker)
  lookers.end()
  t.ok(early.state.hasEnded && late.state.hasEnded)
  t.notOk(lookers.add(later.looker))
  await clock.advance(5_000)
  t.equal(early.got.length, 2)
  t.equal(late.got.length, 0)
})
