import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { createHistory, type History } from '../../src/status/history.ts'
import { allOf, newsIn } from '../../src/status/news.ts'
import type { StatusNews, StatusReport, StderrText, StreamStatus } from '../../src/status/report.ts'
import { merge } from '../../src/web/status/merge.ts'
import { reportOf, sourceOf, streamOf } from './reports.ts'

const EVERY_SECONDS = 5
const POINTS = 720

/** Streams of a test over time; the history of a removed stream is kept until the next point. */
function createWorld() {
  const streams = new Map<
    string,
    { isThere: boolean; history: History; said: readonly StderrText[]; titles: StreamStatus['titles'] }
  >()
  let number = 0
  return {
    add(path: string) {
      const history = streams.get(path)?.history ?? createHistory(EVERY_SECONDS, POINTS, number)
      streams.set(path, { isThere: true, history, said: [], titles: [] })
    },
    remove(path: string) {
      const stream = streams.get(path)
      if (stream !== undefined) stream.isThere = false
    },
    points(count: number) {
      for (let i = 0; i < count; i++) {
        for (const [path, { isThere, history }] of streams) {
          if (isThere) history.add(i)
          else streams.delete(path)
        }
        number++
      }
    },
    says(path: string, text: string) {
      const stream = streams.get(path)
      if (stream !== undefined) stream.said = [...stream.said, { at: 'then', text }]
    },
    plays(path: string, title: string) {
      const stream = streams.get(path)
      if (stream !== undefined) stream.titles = [{ title, since: 'then' }, ...stream.titles]
    },
    report(): StatusReport {
      const there = [...streams].filter(([, { isThere }]) => isThere)
      const all = there.map(([path, { history, said, titles }]) =>
        streamOf(path, { titles, history: history.report(), source: sourceOf({ said }) }),
      )
      return reportOf(all)
    },
  }
}

const step = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), path: fc.constantFrom('/a', '/b') }),
  fc.record({ kind: fc.constant('remove' as const), path: fc.constantFrom('/a', '/b') }),
  fc.record({ kind: fc.constant('says' as const), path: fc.constantFrom('/a', '/b') }),
  fc.record({ kind: fc.constant('plays' as const), path: fc.constantFrom('/a', '/b') }),
  fc.record({ kind: fc.constant('points' as const), count: fc.constantFrom(1, 2, 700, 1500) }),
)

t.test('a subscriber with a report and all news has the content of a whole report', async (t) => {
  fc.assert(
    fc.property(fc.array(fc.array(step)), fc.nat(), (rounds, joinsAfter) => {
      const world = createWorld()
      world.add('/')
      let before = world.report()
      let known: StatusReport | undefined
      for (const [round, steps] of rounds.entries()) {
        for (const [at, one] of steps.entries()) {
          if (one.kind === 'points') world.points(one.count)
          else if (one.kind === 'says' || one.kind === 'plays') world[one.kind](one.path, `${round} ${at}`)
          else world[one.kind](one.path)
          if (round === 0 && at === joinsAfter % steps.length) known = merge(known, sent(allOf(world.report())))
        }
        const report = world.report()
        const isBehind = known === undefined
        known = merge(known, sent(isBehind ? allOf(report) : newsIn(report, before)))
        before = report
        if (!isDeepStrictEqual(known?.streams, report.streams)) return false
      }
      return true
    }),
  )
  t.pass('the same')
})

t.test('does not repeat news', async (t) => {
  const world = createWorld()
  world.add('/')
  world.points(100)
  world.says('/', 'something')
  const before = world.report()
  world.points(1)
  const news = newsIn(world.report(), before)
  t.match(news.streams[0]?.history, { from: 100, listeners: [0] })
  t.equal(news.streams[0]?.source.said, undefined)
})

t.test('ignores news before a whole report', async (t) => {
  const report = reportOf([streamOf('/')])
  t.equal(merge(undefined, newsIn(report, report)), undefined)
})

/** Serializes and parses news, as over the network. */
function sent(news: StatusNews): StatusNews {
  return JSON.parse(JSON.stringify(news)) as StatusNews
}
