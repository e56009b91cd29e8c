import t, { type Test } from 'tap'
import { parsePcmFormat } from '../../filters/pcm-format.ts'
import { endlessWavHeader } from '../../filters/wav/header.ts'
import { openLive } from '../../src/program/open-live.ts'
import { RingMemory } from '../../src/ring/ring-memory.ts'
import type { OnAir, Speaker } from '../../src/station/published-streams.ts'
import type { Station } from '../../src/station/station.ts'
import { twoStations } from '../../src/station/two-stations.ts'
import type { Stream } from '../../src/stream/stream.ts'
import { keepLog } from '../kept-log.ts'
import { createManualClock } from '../manual-clock.ts'

const HEADER = endlessWavHeader(parsePcmFormat('s16le:48000:1'))
const KEPT_MS = 600_000

function speaker(me: string): Speaker & { gaveWay: number } {
  return {
    me,
    gaveWay: 0,
    giveWay() {
      this.gaveWay++
    },
  }
}

function open(t: Test) {
  const clock = createManualClock()
  const taken = { path: '/taken' } as Stream
  const others: Station = {
    find: async (path) => (path === '/taken' ? taken : undefined),
    streams: () => [taken],
  }
  const live = openLive(others, 'nothing', new RingMemory(), clock, keepLog().logger)
  t.teardown(() => Promise.all(Array.from(live.streams(), (stream) => stream.stop('the test is over'))))
  return { clock, live, others, station: twoStations(others, live) }
}

t.test('a stream is there from the first word on, beside the others', async (t) => {
  const { live, station } = open(t)
  t.equal(await station.find('/kitchen'), undefined)
  const onAir = (await live.goOnAir('/kitchen', HEADER, speaker('somebody'))) as OnAir
  t.equal(await station.find('/kitchen'), onAir.stream)
  t.strictSame(
    Array.from(station.streams(), ({ path }) => path),
    ['/taken', '/kitchen'],
  )
})

t.test('one at a time, but who comes again takes their own place', async (t) => {
  const { live } = open(t)
  const [one, again, other] = [speaker('one'), speaker('one'), speaker('other')]
  const first = (await live.goOnAir('/kitchen', HEADER, one)) as OnAir
  t.equal(await live.goOnAir('/kitchen', HEADER, other), 'somebody else is on air')
  const second = (await live.goOnAir('/kitchen', HEADER, again)) as OnAir
  t.strictSame([one.gaveWay, again.gaveWay], [1, 0])
  // The late close of the first connection does not affect the second.
  first.leave()
  t.equal(await live.goOnAir('/kitchen', HEADER, other), 'somebody else is on air')
  second.leave()
  t.type(await live.goOnAir('/kitchen', HEADER, other), 'object')
})

t.test('paths of others, and too many, are refused', async (t) => {
  const { live } = open(t)
  t.equal(await live.goOnAir('/taken', HEADER, speaker('somebody')), 'a stream of another kind is there')
  for (let i = 0; i < 32; i++) t.type(await live.goOnAir(`/${i}`, HEADER, speaker('somebody')), 'object')
  t.equal(await live.goOnAir('/one-more', HEADER, speaker('somebody')), 'too many streams')
})

t.test('it is kept for ten minutes after the last word, and as long as anybody listens', async (t) => {
  const { clock, live } = open(t)
  const onAir = (await live.goOnAir('/kitchen', HEADER, speaker('somebody'))) as OnAir
  const { stream } = onAir
  stream.listenerCame()
  onAir.leave()
  await clock.advance(KEPT_MS + 1)
  t.equal(await live.find('/kitchen'), stream)
  stream.listenerLeft()
  await clock.advance(KEPT_MS + 1)
  t.equal(await live.find('/kitchen'), undefined)
  t.ok(stream.isFinished)
})

t.test('who comes back in time finds the same stream, which is kept anew', async (t) => {
  const { clock, live } = open(t)
  const first = (await live.goOnAir('/kitchen', HEADER, speaker('somebody'))) as OnAir
  first.leave()
  await clock.advance(KEPT_MS - 1)
  const second = (await live.goOnAir('/kitchen', HEADER, speaker('somebody else'))) as OnAir
  t.equal(second.stream, first.stream)
  await clock.advance(KEPT_MS)
  t.equal(await live.find('/kitchen'), first.stream)
})
