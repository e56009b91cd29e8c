import t from 'tap'
import { needs } from '../../programs.ts'
import { joined } from '../run-filter.ts'
import { type EncodingName, encodedFrames } from './encodings.ts'
import { play, written } from './players.ts'
import { compareEach, SECONDS, writeFiles } from './whole.ts'

const skip = needs('lame', 'ffmpeg', 'mpg123')

for (const name of ['mp3', 'mpeg-2 mp3'] satisfies EncodingName[]) {
  t.test(`files of ${name} play the samples of an uninterrupted decode`, { skip }, async (t) => {
    const folder = t.testdir()
    const frames = encodedFrames(name, SECONDS)
    const files = writeFiles(folder, frames)
    const whole = written(folder, 'whole.mp3', joined(frames.frames))
    t.equal(compareEach('ffmpeg', files, play('ffmpeg', whole)), 0, 'with ffmpeg, bit by bit')
    t.ok(compareEach('mpg123', files, play('mpg123', whole)) <= 1, 'with mpg123, up to rounding')
  })
}
