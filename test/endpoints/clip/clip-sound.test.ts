import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { listen } from '../../client.ts'
import { type EncodingName, encodedFrames } from '../../filters/files/encodings.ts'
import { difference, type Player, play, written } from '../../filters/files/players.ts'
import { joined } from '../../filters/run-filter.ts'
import { needs } from '../../programs.ts'
import { startServer } from '../../streamserve.ts'
import { between, type Clip, clipOf } from './clip-client.ts'

/** How a stream is sent in real time and played. */
interface Trial {
  readonly name: EncodingName
  readonly player: Player
  /** What ffmpeg reads and writes. */
  readonly format: readonly [input: string, output: string]
  readonly extension: string
  /** Samples of each channel per second, as played. */
  readonly rate: number
  /** Duration of a frame, in milliseconds. */
  readonly frameMs: number
  /** Samples at its beginning that are not exact. */
  readonly inexact?: number
}

const TRIALS: readonly Trial[] = [
  { name: 'mp3', player: 'mpg123', format: ['mp3', 'mp3'], extension: '.mp3', rate: 44100, frameMs: 26.2 },
  {
    name: 'aac',
    player: 'ffmpeg',
    format: ['aac', 'adts'],
    extension: '.aac',
    rate: 44100,
    frameMs: 23.3,
    inexact: 1024,
  },
  { name: 'flac', player: 'flac', format: ['flac', 'flac'], extension: '.flac', rate: 44100, frameMs: 104.5 },
  { name: 'opus', player: 'opusdec', format: ['ogg', 'ogg'], extension: '.opus', rate: 48000, frameMs: 1000 },
  { name: 'vorbis', player: 'oggdec', format: ['ogg', 'ogg'], extension: '.ogg', rate: 44100, frameMs: 1100 },
  { name: 'wav', player: 'ffmpeg', format: ['wav', 'wav'], extension: '.wav', rate: 44100, frameMs: 10 },
]
/** Duration of the encoded music, and of what listeners have heard before clips are requested, in seconds. */
const [SECONDS, HEARD] = [24, 8]
/** Bytes of a sample of both channels. */
const BLOCK_BYTES = 4
/** Times have whole milliseconds. */
const ROUNDING_MS = 2

t.test(
  'clips begin and end within a frame of what was requested, and play the same samples',
  {
    skip: needs('ffmpeg', 'lame', 'mpg123', 'flac', 'opusdec', 'oggdec'),
  },
  async (t) => {
    const folder = t.testdir()
    const sources = TRIALS.map(({ name, format: [input, output] }) => {
      const frames = encodedFrames(name, SECONDS)
      const head = frames.filter.preamble?.(0, frames.ring, true) ?? Buffer.alloc(0)
      const path = written(folder, name, Buffer.concat([head, joined(frames.frames)]))
      return {
        command: `ffmpeg -v error -re -f ${input} -i ${path} -c copy -f ${output} -`,
        bytes: joined(frames.frames).length,
      }
    })
    const config = join(folder, 'x.conf')
    writeFileSync(config, TRIALS.map(({ name }, i) => `[/${name}]\nexec ${sources[i]?.command}\n`).join(''))
    const server = await startServer(t, ['-config', config])
    const heard = TRIALS.map(({ name }, i) =>
      listen(t, server.port, `/${name}`).bodyHas(((sources[i]?.bytes ?? 0) * HEARD) / SECONDS),
    )
    await Promise.all(heard)
    for (const { name, player, extension, rate, frameMs, inexact = 0 } of TRIALS) {
      const samplesOf = ({ bytes }: Clip, as: string) => play(player, written(folder, `${as}${extension}`, bytes))
      const all = await clipOf(server, 'for=1h', name)
      const [from, to] = [all.to - 4500, all.to - 1500]
      const clip = await clipOf(server, between(from, to), name)
      const [whole, own] = [samplesOf(all, 'all'), samplesOf(clip, 'clip')]
      const msOf = (samples: Buffer) => (samples.length / BLOCK_BYTES / rate) * 1000
      // On a busy machine there are gaps.
      const within = frameMs + ROUNDING_MS + Math.max(0, all.to - all.from - msOf(whole))
      t.ok(clip.from > from - ROUNDING_MS && clip.from - from < within, `${name} begins`)
      t.ok(clip.to > to - ROUNDING_MS && clip.to - to < within, `${name} ends`)
      t.ok(Math.abs(msOf(own) - (clip.to - clip.from)) < within, `${name} lasts as long`)
      // A decoder of Opus that began later is exact only there.
      const middle = Math.floor(own.length / 2 / BLOCK_BYTES) * BLOCK_BYTES
      const there = whole.indexOf(own.subarray(middle, middle + 500 * BLOCK_BYTES)) - middle
      const exact = inexact * BLOCK_BYTES
      const same = whole.subarray(there + exact, there + own.length)
      t.ok(there >= 0 && difference(same, own.subarray(exact)) <= 1, `${name} has these samples`)
      const startedMs = msOf(whole.subarray(there))
      t.ok(Math.abs(startedMs - (all.to - clip.from)) < within + 20, `${name} has those of its time`)
    }
  },
)
