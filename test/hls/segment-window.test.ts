import t from 'tap'
import { HlsEpoch } from '../../src/hls/hls-epoch.ts'
import { Segment } from '../../src/hls/segment.ts'
import { SegmentWindow } from '../../src/hls/segment-window.ts'
import { createManualClock } from '../manual-clock.ts'

const FORMAT = {
  contentType: 'audio/mpeg',
  name: 'audio/mpeg',
  description: undefined,
  numbering: undefined,
  samples: undefined,
  isRaw: false,
}

async function epochOf(name: string): Promise<HlsEpoch> {
  const epoch = new HlsEpoch({ format: FORMAT, header: Buffer.alloc(0), mark: undefined }, 6_000)
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
