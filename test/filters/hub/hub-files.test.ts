import t from 'tap'
import { createAuto } from '../../../filters/auto/auto.ts'
import type { Frame } from '../../../filters/frame-filter.ts'
import { createHubFilter } from '../../../filters/hub/hub-filter.ts'
import { encodeMessage } from '../../../filters/hub/message.ts'
import { needs } from '../../programs.ts'
import { type Frames, filesEvery } from '../files/cut-files.ts'
import { type EncodingName, encodedFrames } from '../files/encodings.ts'
import { type Player, play, written } from '../files/players.ts'
import { DEFAULTS } from '../run-filter.ts'
import { messagesOf } from './messages-of.ts'

/** Name of the filter, and players. */
const FORMATS: readonly (readonly [EncodingName, string, readonly Player[]])[] = [
  ['mp3', 'mp3', ['ffmpeg', 'mpg123']],
  ['mpeg-2 mp3', 'mp3', ['ffmpeg', 'mpg123']],
  ['aac', 'aac-adts', ['ffmpeg']],
  ['flac', 'flac', ['ffmpeg', 'flac']],
  ['opus', 'ogg', ['ffmpeg', 'opusdec']],
  ['vorbis', 'ogg', ['ffmpeg', 'oggdec']],
  ['wav', 'wav', ['ffmpeg']],
]

/** Returns the frames of an edge that begins after the first second. */
function atEdge(origin: Frames, name: string): Frames {
  const messages = messagesOf({ ring: origin.ring, filter: origin.filter, name, count: 2 })
  const from = messages.findIndex(({ key, us }) => us > 1e6 && key !== undefined && key.preamble !== null)
  const filter = createHubFilter(createAuto)(DEFAULTS)
  const frames: Frame[] = []
  for (const message of messages.slice(from)) filter.push(encodeMessage(message), (frame) => frames.push(frame))
  return { filter, frames, ring: { first: 0, next: frames.length, at: (seq) => frames[seq] }, samples: undefined }
}

const skip = needs('lame', 'ffmpeg', 'mpg123', 'flac', 'opusdec', 'oggdec')

for (const [encoding, name, players] of FORMATS) {
  t.test(`${encoding}: files of the frames of an edge are as good as those of the origin`, { skip }, async (t) => {
    const folder = t.testdir()
    const edge = atEdge(encodedFrames(encoding, 5), name)
    const files = filesEvery(1, edge)
    t.ok(files.length >= 3)
    // The last one may be very short.
    for (const [i, { bytes, extension }] of files.slice(0, -1).entries()) {
      const path = written(folder, `${i}${extension}`, bytes)
      for (const player of players) t.ok(play(player, path).length > 40_000, `${i} by ${player}`)
    }
  })
}
