import t from 'tap'
import { createMp3 } from '../../filters/mp3.ts'
import { id3v2, MP3_48K_HEADER, mpegFrames, noise, xingFrame } from './made-up.ts'
import { joined, runFilter } from './run-filter.ts'

await t.test('a change of rate needs three matching headers, and loses nothing', (t) => {
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

await t.test('Xing and Info frames are neither frames nor skipped', (t) => {
  const frames = mpegFrames(5, 1)
  const input = [xingFrame('Xing'), ...frames, id3v2(noise(50, 1)), xingFrame('Info'), ...frames]
  const outcome = runFilter(createMp3, [Buffer.concat(input)])
  t.strictSame(joined(outcome.frames), Buffer.concat([...frames, ...frames]))
  t.equal(outcome.skippedBytes, 0)
  t.end()
})

await t.test('a cover picture in a tag after a truncated frame is not searched for frames', (t) => {
  const frames = mpegFrames(12, 1)
  const picture = Buffer.concat(mpegFrames(5, 2))
  const input = [...frames.slice(0, 6), (frames[6] ?? noise(1, 1)).subarray(0, 200), id3v2(picture), ...frames.slice(7)]
  const outcome = runFilter(createMp3, [Buffer.concat(input)])
  t.strictSame(joined(outcome.frames), Buffer.concat(frames.filter((_, i) => i !== 6)))
  t.equal(outcome.skippedBytes, 200)
  t.end()
})
