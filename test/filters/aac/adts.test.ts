import t from 'tap'
import { createAacAdts } from '../../../filters/aac/adts.ts'
import { adtsFrames, noise } from '../made-up.ts'
import { cut, DEFAULTS, joined, runFilter } from '../run-filter.ts'

/** Frames with a checksum and this number of blocks. */
function checkedFrames(count: number, blocks: number): Buffer[] {
  const frames = adtsFrames(count, 1)
  for (const frame of frames) {
    frame.writeUInt8(0xf0, 1)
    frame.writeUInt8(0xfc | (blocks - 1), 6)
  }
  return frames
}

await t.test('emits whole frames with checksums and several blocks, with the duration of all blocks', (t) => {
  for (const blocks of [1, 2, 4]) {
    const input = checkedFrames(8, blocks)
    const { frames, skippedBytes, filter } = runFilter(createAacAdts, cut(Buffer.concat(input), [333]))
    t.strictSame(
      frames.map((frame) => frame.bytes),
      input,
    )
    t.ok(frames.every((frame) => frame.durationUs === (blocks * 1024 * 1e6) / 44100))
    t.equal(skippedBytes, 0)
    t.equal(filter.format, 'MPEG-4 AAC LC, 44100 Hz, stereo')
  }
  t.end()
})

await t.test('computes the duration of HE-AAC from the rate of its lower half, as in the header', (t) => {
  const input = adtsFrames(8, 1)
  for (const frame of input) frame.writeUInt8(0x5c, 2)
  const { frames, filter } = runFilter(createAacAdts, input)
  t.equal(frames.length, 8)
  t.ok(frames.every((frame) => frame.durationUs === (1024 * 1e6) / 22050))
  t.equal(filter.format, 'MPEG-4 AAC LC, 22050 Hz, stereo')
  t.end()
})

await t.test('reports the format with the first frame, and changes it with the frames', (t) => {
  const filter = createAacAdts(DEFAULTS)
  const formats: (string | undefined)[] = []
  const note = () => formats.push(filter.format)
  const mono = adtsFrames(4, 2)
  for (const frame of mono) frame.writeUInt8(((frame[3] ?? 0) & 0x3f) | 0x40, 3)
  t.equal(filter.format, undefined)
  filter.push(Buffer.concat([...adtsFrames(4, 1), ...mono]), note)
  filter.end(note)
  t.strictSame(formats, [
    ...Array.from({ length: 4 }, () => 'MPEG-4 AAC LC, 44100 Hz, stereo'),
    ...Array.from({ length: 4 }, () => 'MPEG-4 AAC LC, 44100 Hz, mono'),
  ])
  t.end()
})

await t.test('emits no frames for noise, and does not refuse it', (t) => {
  for (let seed = 0; seed < 20; seed++) {
    const { filter, frames } = runFilter(createAacAdts, [noise(20_000, seed)])
    t.equal(filter.refusal, undefined)
    t.equal(joined(frames).length, 0)
  }
  t.end()
})
