import t from 'tap'
import { needs } from '../../programs.ts'
import { joined } from '../run-filter.ts'
import { type EncodingName, encodedFrames } from './encodings.ts'
import { type Player, play, written } from './players.ts'
import { compareEach, SECONDS, writeFiles } from './whole.ts'

/** Players of each encoding, and the largest difference of a sample: an Opus decoder that begins earlier differs by rounding. */
const TRIALS: readonly (readonly [EncodingName, Player, number])[] = [
  ['opus', 'ffmpeg', 1],
  ['opus', 'opusdec', 1],
  ['vorbis', 'ffmpeg', 0],
  ['vorbis', 'oggdec', 0],
  ['ogg flac', 'ffmpeg', 0],
  ['ogg flac', 'flac', 0],
]

for (const [name, player, tolerance] of TRIALS) {
  const skip = needs('ffmpeg', player)
  t.test(`files of ${name} play the samples of the whole with ${player}`, { skip }, async (t) => {
    const folder = t.testdir()
    const frames = encodedFrames(name, SECONDS)
    const files = writeFiles(folder, frames)
    const whole = play(player, written(folder, `whole${files.files[0]?.extension}`, joined(frames.frames)))
    t.ok(compareEach(player, files, whole) <= tolerance)
  })
}
