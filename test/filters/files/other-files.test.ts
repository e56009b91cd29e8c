import t from 'tap'
import { needs } from '../../programs.ts'
import { music } from '../encoded.ts'
import { joined } from '../run-filter.ts'
import { encodedFrames } from './encodings.ts'
import { play, written } from './players.ts'
import { compareEach, SECONDS, writeFiles } from './whole.ts'

/** Bytes of the samples of a frame of AAC, stereo. */
const AAC_FRAME_BYTES = 1024 * 4

t.test('files of FLAC play the samples of the whole', { skip: needs('ffmpeg', 'flac') }, async (t) => {
  const files = writeFiles(t.testdir(), encodedFrames('flac', SECONDS))
  const whole = music(SECONDS)
  t.equal(compareEach('ffmpeg', files, whole), 0, 'with ffmpeg')
  t.equal(compareEach('flac', files, whole), 0, 'with flac')
})

for (const name of ['wav', 'raw'] as const) {
  t.test(`files of ${name} samples play the samples of the whole`, { skip: needs('ffmpeg') }, async (t) => {
    const files = writeFiles(t.testdir(), encodedFrames(name, SECONDS))
    t.equal(compareEach('ffmpeg', files, music(SECONDS)), 0)
  })
}

t.test(
  'files of AAC play the samples of an uninterrupted decode from the second frame on',
  {
    skip: needs('ffmpeg'),
  },
  async (t) => {
    const folder = t.testdir()
    const frames = encodedFrames('aac', SECONDS)
    const files = writeFiles(folder, frames)
    const whole = play('ffmpeg', written(folder, 'whole.aac', joined(frames.frames)))
    t.equal(compareEach('ffmpeg', files, whole, AAC_FRAME_BYTES), 0)
    const all = Buffer.concat(files.files.map(({ bytes }) => bytes))
    t.ok(all.equals(joined(frames.frames)), 'laid end to end they are the stream')
  },
)
