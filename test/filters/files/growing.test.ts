import fc from 'fast-check'
import t from 'tap'
import { createFrameFile } from '../../../filters/create-frame-file.ts'
import { needs } from '../../programs.ts'
import { completed, type Frames, fileOf, placeOf } from './cut-files.ts'
import { ENCODINGS, type EncodingName, encodedFrames } from './encodings.ts'
import { difference, playAnyhow, written } from './players.ts'

const skip = needs('lame', 'ffmpeg')
const NAMES = Object.keys(ENCODINGS) as EncodingName[]
/** Places at which a file is cut off, in percent of the bytes behind its head. */
const CUTS = [1, 7, 23, 52, 68, 94]
/** Samples in s16le that a decoder holds back at the end: up to two frames of AAC, or a block of FLAC. */
const HELD_BACK_BYTES = 4608 * 4

/** Makes a file with groups of frames of these sizes. */
function inGroups(frames: Frames, from: number, to: number, sizes: readonly number[]): Buffer {
  const file = createFrameFile(placeOf(frames, from))
  if (file === undefined) throw new Error('no file can begin here')
  const parts = [file.head]
  for (let at = from, i = 0; at < to; i++) {
    const end = Math.min(to, at + (sizes[i % sizes.length] ?? 1))
    parts.push(...file.add(frames.frames.slice(at, end).map(({ bytes }) => bytes)))
    at = end
  }
  return completed(Buffer.concat(parts), file)
}

t.test('any groups of frames make the same file', { skip }, async (t) => {
  for (const name of NAMES) {
    const frames = encodedFrames(name, 6)
    const last = frames.frames.length
    const [from, to] = [last >> 1, last - 1]
    const { bytes } = fileOf(frames, from, to)
    const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(sizes, (some) => inGroups(frames, from, to, some).equals(bytes)),
      { numRuns: 20 },
    )
    t.pass(name)
  }
})

t.test('a file that is cut off anywhere behind its head plays up to there', { skip }, async (t) => {
  const folder = t.testdir()
  for (const name of NAMES) {
    const frames = encodedFrames(name, 8)
    const last = frames.frames.length
    const [from, to] = [last >> 1, last]
    const { unfinished, extension } = fileOf(frames, from, to)
    const whole = playAnyhow(written(folder, `whole${extension}`, unfinished))
    const head = unfinished.length - frames.frames.slice(from, to).reduce((sum, frame) => sum + frame.bytes.length, 0)
    for (const percent of CUTS) {
      const at = Math.max(0, head) + Math.floor(((unfinished.length - head) * percent) / 100)
      const samples = playAnyhow(written(folder, `cut${extension}`, unfinished.subarray(0, at)))
      const certain = Math.max(0, samples.length - HELD_BACK_BYTES)
      t.ok(difference(samples.subarray(0, certain), whole.subarray(0, certain)) <= 1, `${name} at ${percent} %`)
      if (percent > 50) t.ok(certain > whole.length / 4, `${name} has sound at ${percent} %`)
    }
  }
})
