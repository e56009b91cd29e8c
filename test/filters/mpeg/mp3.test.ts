import t from 'tap'
import { createMp3 } from '../../../filters/mpeg/mp3.ts'
import { id3v2, MP3_48K_HEADER, MPEG2_MONO_HEADER, mpegFrames, noise, xingFrame } from '../made-up.ts'
import { cut, DEFAULTS, joined, runFilter } from '../run-filter.ts'

await t.test('accepts a change of rate after three matching headers, and loses nothing', (t) => {
  const input = [
    ...mpegFrames(4, 1),
    ...mpegFrames(4, 2, MP3_48K_HEADER, 384),
    ...mpegFrames(1, 3),
    ...mpegFrames(4, 4, MP3_48K_HEADER, 384),
  ]
  const outcome = runFilter(createMp3, [Buffer.concat(input)])
  t.strictSame(
    outcome.frames.map((frame) => frame.bytes),
    input.filter((_, i) => i !== 8),
  )
  t.equal(outcome.skippedBytes, 417)
  t.end()
})

await t.test('counts Xing and Info frames neither as frames nor as skipped', (t) => {
  const frames = mpegFrames(5, 1)
  const input = [xingFrame('Xing'), ...frames, id3v2(noise(50, 1)), xingFrame('Info'), ...frames]
  const outcome = runFilter(createMp3, [Buffer.concat(input)])
  t.strictSame(joined(outcome.frames), Buffer.concat([...frames, ...frames]))
  t.equal(outcome.skippedBytes, 0)
  t.end()
})

await t.test('does not search a cover picture in a tag after a truncated frame', (t) => {
  const frames = mpegFrames(12, 1)
  const picture = Buffer.concat(mpegFrames(5, 2))
  const input = [...frames.slice(0, 6), (frames[6] ?? noise(1, 1)).subarray(0, 200), id3v2(picture), ...frames.slice(7)]
  const outcome = runFilter(createMp3, [Buffer.concat(input)])
  t.strictSame(joined(outcome.frames), Buffer.concat(frames.filter((_, i) => i !== 6)))
  t.equal(outcome.skippedBytes, 200)
  t.end()
})

await t.test('drops only the frame with a broken header where all frames have one length', (t) => {
  const frames = mpegFrames(20, 1)
  for (const broken of [3, 9, 12, 16]) (frames[broken] ?? noise(1, 1))[1] = 0
  const good = frames.filter((frame) => frame[1] !== 0)
  const bytes = Buffer.concat(frames)
  for (const sizes of [[bytes.length], [1], [999]]) {
    const outcome = runFilter(createMp3, cut(bytes, sizes))
    t.ok(joined(outcome.frames).equals(Buffer.concat(good)))
    t.equal(outcome.skippedBytes, 4 * 417)
  }
  t.end()
})

await t.test('reports the format of the newest frame, with one word for all kinds of stereo', (t) => {
  const filter = createMp3(DEFAULTS)
  const formats: (string | undefined)[] = []
  const note = () => formats.push(filter.format)
  t.equal(filter.format, undefined)
  const dual = Buffer.from('fffb9084', 'hex')
  const mono = mpegFrames(4, 3, MPEG2_MONO_HEADER, 104)
  filter.push(Buffer.concat([...mpegFrames(3, 1), ...mpegFrames(1, 2, dual), ...mono]), note)
  filter.end(note)
  t.strictSame(formats, [
    ...Array.from({ length: 4 }, () => 'MPEG-1 Layer III, 44100 Hz, stereo'),
    ...Array.from({ length: 4 }, () => 'MPEG-2 Layer III, 22050 Hz, mono'),
  ])
  t.end()
})
