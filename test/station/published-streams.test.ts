import t, { type Test } from 'tap'
import { parsePcmFormat } from '../../filters/pcm-format.ts'
import { endlessWavHeader } from '../../filters/wav/header.ts'
import { openPublished } from '../../src/program/open-published.ts'
import { RingMemory } from '../../src/ring/ring-memory.ts'
import type { Publication, Publisher } from '../../src/station/published-streams.ts'
import { entryOf } from '../../src/station/single-stream.ts'
import { Registry } from '../../src/station/station.ts'
import type { Stream } from '../../src/stream/stream.ts'
import { keepLog } from '../kept-log.ts'
import { createManualClock } from '../manual-clock.ts'
import { programPlan, streamPlan } from '../plans.ts'

const HEADER = endlessWavHeader(parsePcmFormat('s16le:48000:1'))
const KEPT_MS = 600_000

function publisher(me: string): Publisher & { gaveWay: number } {
  return {
    me,
    gaveWay: 0,
    replaced() {
      this.gaveWay++
    },
    drained() {},
  }
}

function open(t: Test) {
  const clock = createManualClock()
  const taken = { path: '/taken', plan: { ...streamPlan('-demo'), path: '/taken' } } as Stream
  const station = new Registry()
  station.set(entryOf(taken))
  const { published } = programPlan('-talk')
  const parts = { memory: new RingMemory(), clock, log: keepLog().logger }
  const live = openPublished(station, () => published, parts)
  t.teardown(() => Promise.all(Array.from(live.streams(), (stream) => stream.stop('the test is over'))))
  return { clock, live, taken, station }
}

t.test('adds a stream with the first greeting of its publisher, beside the others', async (t) => {
  const { live, station } = open(t)
  t.equal(await station.find('/kitchen'), undefined)
  const publication = (await live.publish('/kitchen', HEADER, publisher('somebody'))) as Publication
  t.equal(await station.find('/kitchen'), publication.stream)
  t.strictSame(
    Array.from(station.streams(), ({ path }) => path),
    ['/taken', '/kitchen'],
  )
})

t.test('accepts one publisher at a time, but replaces the connection of the same one', async (t) => {
  const { live } = open(t)
  const [one, again, other] = [publisher('one'), publisher('one'), publisher('other')]
  const first = (await live.publish('/kitchen', HEADER, one)) as Publication
  t.equal(await live.publish('/kitchen', HEADER, other), 'another publisher is on air')
  const second = (await live.publish('/kitchen', HEADER, again)) as Publication
  t.strictSame([one.gaveWay, again.gaveWay], [1, 0])
  // The late close of the first connection does not affect the second.
  first.leave()
  t.equal(await live.publish('/kitchen', HEADER, other), 'another publisher is on air')
  second.leave()
  t.type(await live.publish('/kitchen', HEADER, other), 'object')
})

t.test('refuses paths that are in use, and too many', async (t) => {
  const { live } = open(t)
  t.equal(await live.publish('/taken', HEADER, publisher('somebody')), 'another stream has this path')
  for (let i = 0; i < 32; i++) t.type(await live.publish(`/${i}`, HEADER, publisher('somebody')), 'object')
  t.equal(await live.publish('/one-more', HEADER, publisher('somebody')), 'too many streams')
})

t.test('keeps a stream for ten minutes after its publisher has left, and while there are listeners', async (t) => {
  const { clock, live } = open(t)
  const publication = (await live.publish('/kitchen', HEADER, publisher('somebody'))) as Publication
  const { stream } = publication
  stream.listenerCame()
  publication.leave()
  await clock.advance(KEPT_MS + 1)
  t.equal(await live.find('/kitchen'), stream)
  stream.listenerLeft()
  await clock.advance(KEPT_MS + 1)
  t.equal(await live.find('/kitchen'), undefined)
  t.ok(stream.isFinished)
})

t.test('continues the same stream for a publisher that returns in time', async (t) => {
  const { clock, live } = open(t)
  const first = (await live.publish('/kitchen', HEADER, publisher('somebody'))) as Publication
  first.leave()
  await clock.advance(KEPT_MS - 1)
  const second = (await live.publish('/kitchen', HEADER, publisher('somebody else'))) as Publication
  t.equal(second.stream, first.stream)
  await clock.advance(KEPT_MS)
  t.equal(await live.find('/kitchen'), first.stream)
})
