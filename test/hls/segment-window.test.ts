import t from 'tap'
import { HlsEpoch } from '../../src/hls/hls-epoch.ts'
import { Segment } from '../../src/hls/segment.ts'
import { SegmentWindow } from '../../src/hls/segment-window.ts'
import type { EpochPlace } from '../../src/stream/epoch.ts'
import { createManualClock } from '../manual-clock.ts'

const FORMAT = {
  contentType: 'audio/mpeg',
  name: 'audio/mpeg',
  description: undefined,
  numbering: undefined,
  samples: undefined,
  isRaw: false,
}

async function epochOf(name: string, mark?: EpochPlace): Promise<HlsEpoch> {
  const epoch = new HlsEpoch({ format: FORMAT, header: Buffer.alloc(0), mark }, 6_000)
  await epoch.begin({ preamble: Buffer.alloc(0), first: Buffer.alloc(0) }, () => {})
  epoch.nameBy([Buffer.from(name)])
  return epoch
}

/** A segment of 6 s. @param isKnown it is in a playlist that was written */
function segmentOf(epoch: HlsEpoch, number: number, isKnown = true): Segment {
  const frames = [Buffer.from(`${epoch.name}/${number}`)]
  const us = number * 6_000_000
  const times = { us, durationUs: 6_000_000, longestUs: 26_122, wallMs: Date.UTC(2027, 0, 1) + us / 1000 }
  const segment = new Segment({ epoch, number, ...times, preamble: Buffer.alloc(0), frames, titles: [] })
  if (isKnown) t.match(segment.tag, /^[0-9a-f]{10}$/)
  return segment
}

t.test('a segment that no playlist had is gone when it leaves the window', async (t) => {
  const window = new SegmentWindow(createManualClock())
  const epoch = await epochOf('one')
  for (let number = 0; number < 11; number++) window.add(segmentOf(epoch, number, false))
  t.equal(window.find(epoch.name ?? '', '0', 'mp3', null), undefined)
  t.ok(window.find(epoch.name ?? '', '1', 'mp3', null))
})

t.test('a segment stays for the duration of the playlist and its own after it has left it', async (t) => {
  const clock = createManualClock()
  const window = new SegmentWindow(clock)
  const epoch = await epochOf('one')
  const isThere = (number: number) => window.find(epoch.name ?? '', String(number), 'mp3', null) !== undefined
  for (let number = 0; number < 11; number++) window.add(segmentOf(epoch, number))
  t.strictSame(
    window.listed.map(({ segment }) => segment.number),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  )
  await clock.advance(68_999)
  t.ok(isThere(0))
  await clock.advance(2)
  t.notOk(isThere(0))
  t.ok(isThere(1), 'it is listed')
  window.add(segmentOf(epoch, 11))
  t.ok(isThere(1), 'it has just left')
})

t.test('numbers are consecutive over epochs, and each epoch is a discontinuity', async (t) => {
  const window = new SegmentWindow(createManualClock())
  const epochs = [await epochOf('one'), await epochOf('two')]
  for (const epoch of epochs) for (let number = 0; number < 2; number++) window.add(segmentOf(epoch, number))
  const [first] = window.listed
  if (first === undefined) throw new Error('no segment')
  const { sequence: s, discontinuity: d } = first
  t.match(
    window.listed.map(({ sequence, discontinuity, isFirst }) => [sequence, discontinuity, isFirst]),
    [
      [s, d, true],
      [s + 1, d, false],
      [s + 2, d + 1, true],
      [s + 3, d + 1, false],
    ],
  )
})

t.test('a segment of another content than its name promises is not there', async (t) => {
  const window = new SegmentWindow(createManualClock())
  const epoch = await epochOf('one')
  const segment = segmentOf(epoch, 7)
  window.add(segment)
  const find = (...wanted: [string, string, string | null]) => window.find(epoch.name ?? '', ...wanted)
  t.equal(find('7', 'mp3', segment.tag), segment)
  t.equal(find('7', 'mp3', null), segment)
  t.equal(find('7', 'mp3', '0123456789'), undefined)
  t.equal(find('7', 'aac', null), undefined)
  t.equal(find('07', 'mp3', null), undefined)
})

t.test('a playlist of the past is dropped, and the next one has later numbers', async (t) => {
  const window = new SegmentWindow(createManualClock())
  const epoch = await epochOf('one')
  window.add(segmentOf(epoch, 0))
  const before = window.listed[0]?.sequence ?? 0
  t.notOk(window.age(Date.UTC(2027, 0, 1) + 5_999))
  t.ok(window.age(Date.UTC(2027, 0, 1) + 6_001))
  t.equal(window.listed.length, 0)
  window.add(segmentOf(epoch, 100))
  const [next] = window.listed
  t.ok((next?.sequence ?? 0) > before + 100)
  t.equal(next?.isFirst, true)
})

const BEGAN_AT = Date.UTC(2027, 0, 1)

/** @param segments number of those in the epochs before */
function markOf(id: string, epochs: number, segments: number, segmentMs = 6_000): EpochPlace {
  const row = { beganAt: BEGAN_AT, epochs, segments, segmentMs }
  return { id, seq: 0, extra: 0, us: 0, beganAt: BEGAN_AT + 100_000 * epochs, row }
}

/** Numbers of the listed segments, less those of the first one of the row. */
function numbersIn(window: SegmentWindow): unknown[] {
  const year2026 = 365 * 24 * 3600
  const discontinuity = 1 + (Math.floor(year2026 / 30) % 65_536)
  return window.listed.map((one) => [one.sequence - 2 * year2026, one.discontinuity - discontinuity, one.isFirst])
}

t.test('segments of marked epochs have the numbers of their origin, wherever a server begins', async (t) => {
  const [one, two] = [markOf('000000000001', 0, 0), markOf('000000000002', 1, 3)]
  const all = new SegmentWindow(createManualClock())
  const epochs = [await epochOf('one', one), await epochOf('two', two)]
  for (const epoch of epochs) for (let number = 0; number < 3; number++) all.add(segmentOf(epoch, number))
  t.strictSame(numbersIn(all), [
    [0, 0, true],
    [1, 0, false],
    [2, 0, false],
    [3, 1, true],
    [4, 1, false],
    [5, 1, false],
  ])
  const late = new SegmentWindow(createManualClock())
  const epoch = await epochOf('two', two)
  for (let number = 1; number < 3; number++) late.add(segmentOf(epoch, number))
  t.strictSame(numbersIn(late), numbersIn(all).slice(-2))
})

t.test(
  'behind missed segments of an epoch, or of another one, a playlist begins again with their numbers',
  async (t) => {
    const window = new SegmentWindow(createManualClock())
    const [one, two] = [
      await epochOf('one', markOf('000000000001', 0, 0)),
      await epochOf('two', markOf('000000000002', 1, 9)),
    ]
    for (const number of [0, 1, 4, 5]) window.add(segmentOf(one, number))
    t.strictSame(numbersIn(window), [
      [4, 0, false],
      [5, 0, false],
    ])
    window.add(segmentOf(one, 5))
    t.equal(window.listed.length, 2, 'one that is there already')
    window.add(segmentOf(two, 3))
    t.strictSame(numbersIn(window), [[12, 1, false]])
    t.ok(window.find(one.name ?? '', '5', 'mp3', null), 'those before are there for a time')
  },
)

t.test(
  'numbers of an epoch whose row is not known are consecutive, and otherwise follow from its beginning',
  async (t) => {
    const window = new SegmentWindow(createManualClock())
    const [one, two] = [markOf('000000000001', 0, 0, 4_000), markOf('000000000002', 1, 3, 4_000)]
    window.add(segmentOf(await epochOf('one', one), 0))
    window.add(segmentOf(await epochOf('two', two), 0))
    t.match(numbersIn(window), [[0], [1]])
    const late = new SegmentWindow(createManualClock())
    late.add(segmentOf(await epochOf('two', two), 2))
    t.match(numbersIn(late), [[202]])
  },
)
