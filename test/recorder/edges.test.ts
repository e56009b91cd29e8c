import t from 'tap'
import { createAuto } from '../../filters/auto/auto.ts'
import { createHubFilter } from '../../filters/hub/hub-filter.ts'
import { encodeMessage } from '../../filters/hub/message.ts'
import { type EncodingName, encodedFrames } from '../filters/files/encodings.ts'
import { type Player, play } from '../filters/files/players.ts'
import { messagesOf } from '../filters/hub/messages-of.ts'
import { needs } from '../programs.ts'
import { filesIn, openRecorded } from './recorded.ts'

const FORMATS: readonly (readonly [EncodingName, string, Player])[] = [
  ['mp3', 'mp3', 'mpg123'],
  ['flac', 'flac', 'flac'],
  ['opus', 'ogg', 'opusdec'],
]

for (const [encoding, name, player] of FORMATS) {
  t.test(
    `${encoding}: an edge records all that it gets, also behind a gap`,
    { skip: needs('lame', 'ffmpeg', player) },
    async (t) => {
      const folder = t.testdir()
      const origin = encodedFrames(encoding, 12)
      const messages = messagesOf({ ring: origin.ring, filter: origin.filter, name, count: 1 })
      const from = (us: number) =>
        messages.findIndex((one) => one.us >= us && one.key !== undefined && one.key.preamble !== null)
      const recorded = openRecorded(t, `${folder}/%H%M%S`, { flags: [], create: createHubFilter(createAuto) })
      const send = async (first: number, end: number) => {
        for (const message of messages.slice(first, end)) {
          await recorded.push(encodeMessage(message), (message.frames[0]?.durationUs ?? 0) / 1000)
        }
      }
      await send(from(2e6), from(6e6))
      await recorded.reopen()
      await send(from(8e6), messages.length)
      await recorded.end()
      const files = [...filesIn(folder).keys()].filter((file) => !file.endsWith('.cue'))
      const samples = files.map((file) => play(player, `${folder}/${file}`).length / 4)
      const seconds = samples.reduce((sum, one) => sum + one, 0) / (encoding === 'opus' ? 48_000 : 44_100)
      t.ok(Math.abs(seconds - 8) < 0.3, `${seconds} s in ${files.join(', ')}`)
      t.equal(recorded.stream.counters.recordingFramesLost, 0)
    },
  )
}
