import { createHash } from 'node:crypto'
import t, { type Test } from 'tap'
import { plainFrames } from '../delivery/plain-mp3.ts'
import { FRAME_US, openCut } from './cut-stream.ts'
import { readPackedAudio } from './read-packed-audio.ts'

/** The frames of each whole segment of one second, by the definition. */
function segmentsOf(frames: readonly Buffer[]): Buffer[] {
  const numbers = frames.map((_, at) => Math.floor((at * FRAME_US + 0.5) / 1e6))
  const last = numbers.at(-1) ?? 0
  return Array.from({ length: last }, (_, number) =>
    Buffer.concat(frames.filter((_frame, at) => numbers[at] === number)),
  )
}

function chunksOf(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size))
}

function hashOf(bytes: Buffer): string {
  return `${bytes.length} bytes, ${createHash('sha256').update(bytes).digest('hex')}`
}

async function giveIn(t: Test, frames: readonly Buffer[], chunkBytes: number) {
  const cut = openCut(t)
  for (const chunk of chunksOf(Buffer.concat(frames), chunkBytes)) await cut.give(chunk)
  return cut
}

t.test('a segment has the frames that begin in its time', async (t) => {
  const frames = plainFrames(300, 1)
  const cut = await giveIn(t, frames, 5000)
  // The last frame of the input may still be incomplete for the filter.
  const expected = segmentsOf(frames)
  t.equal(expected.length, 7)
  t.strictSame(cut.uris().map(cut.frameBytes).map(hashOf), expected.map(hashOf))
})

t.test('the same frames make the same segments, however they arrive', async (t) => {
  const frames = plainFrames(300, 2)
  const one = await giveIn(t, frames, 417)
  const other = await giveIn(t, frames, 60_000)
  t.equal(one.uris().length, 7)
  t.strictSame(one.uris(), other.uris())
})

t.test('other frames, or another duration of segments, make other names', async (t) => {
  const one = await giveIn(t, plainFrames(80, 3), 5000)
  const other = await giveIn(t, plainFrames(80, 4), 5000)
  t.not(one.uris()[0], other.uris()[0])
  const longer = openCut(t, '2s')
  await longer.give(Buffer.concat(plainFrames(160, 3)))
  t.not(longer.uris()[0]?.slice(0, 12), one.uris()[0]?.slice(0, 12))
})

t.test('a segment that differs from another one of its name has another tag', async (t) => {
  const [begin, one, other] = [plainFrames(60, 5), plainFrames(100, 6), plainFrames(100, 7)]
  const first = (await giveIn(t, [...begin, ...one], 5000)).uris()
  const second = (await giveIn(t, [...begin, ...other], 5000)).uris()
  t.equal(first[0], second[0])
  t.equal(first[2]?.split('?')[0], second[2]?.split('?')[0])
  t.not(first[2], second[2])
})

t.test(
  'an epoch that ends within a segment has a short last one, and the next one follows a discontinuity',
  async (t) => {
    const cut = openCut(t)
    const [before, after] = [plainFrames(50, 8), plainFrames(50, 9)]
    await cut.give(Buffer.concat(before))
    await cut.reopen()
    await cut.give(Buffer.concat(after))
    const uris = cut.uris()
    t.match(
      uris.map((uri) => uri.replace(/^\w+\/(\d+).*/, '$1')),
      ['0', '1', '0'],
    )
    t.equal(Buffer.concat(uris.slice(0, 2).map(cut.frameBytes)).compare(Buffer.concat(before)), 0)
    t.equal(cut.text().match(/#EXT-X-DISCONTINUITY\n/g)?.length, 2)
    t.match(
      cut.text(),
      new RegExp(`#EXT-X-DISCONTINUITY\n#EXT-X-PROGRAM-DATE-TIME.*\n#EXTINF:.*\n${uris[2]?.slice(0, 12)}`),
    )
  },
)

t.test('an epoch that ends without another one has its last segment after a second', async (t) => {
  const cut = openCut(t)
  const frames = plainFrames(50, 10)
  await cut.give(Buffer.concat(frames))
  t.equal(cut.uris().length, 1)
  await cut.reopen()
  await cut.clock.advance(1_000)
  t.equal(Buffer.concat(cut.uris().map(cut.frameBytes)).compare(Buffer.concat(frames)), 0)
})

t.test('the times of segments follow one another, also when a source is ahead of time', async (t) => {
  const { text } = await giveIn(t, plainFrames(300, 11), 60_000)
  const times = Array.from(text().matchAll(/DATE-TIME:(.*)\n#EXTINF:([\d.]+)/g), ([, time = '', s]) => ({
    at: Date.parse(time),
    ms: Number(s) * 1000,
  }))
  t.equal(times.length, 7)
  for (const [at, { at: start }] of times.entries()) {
    const before = times[at - 1]
    if (before !== undefined) t.ok(Math.abs(start - before.at - before.ms) <= 2.5, `${start - before.at}`)
  }
})

t.test('a change of the duration begins another epoch, and no HLS ends it', async (t) => {
  const cut = openCut(t)
  await cut.give(Buffer.concat(plainFrames(60, 12)))
  const { plan } = cut.stream
  cut.stream.change({ ...plan, hls: { segmentMs: 2_000, group: undefined } })
  await cut.give(Buffer.concat(plainFrames(160, 13)))
  const [first, second, third] = cut.uris()
  t.equal(first?.slice(0, 12), second?.slice(0, 12))
  t.not(second?.slice(0, 12), third?.slice(0, 12))
  t.match(cut.text(), '#EXT-X-TARGETDURATION:2\n')
  cut.stream.change({ ...plan, hls: undefined })
  t.equal(cut.text(), '')
})

t.test('a segment has the title of its first frame', async (t) => {
  const cut = openCut(t)
  cut.stream.setTitle('One')
  await cut.give(Buffer.concat(plainFrames(20, 14)))
  cut.stream.setTitle('Two')
  await cut.give(Buffer.concat(plainFrames(80, 15)))
  const titles = cut.uris().map((uri) => readPackedAudio(cut.packed(uri)).tags.map(({ title }) => title))
  t.strictSame(titles, [['One'], ['Two']])
})
