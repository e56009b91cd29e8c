/** Files as radio: transitions between files are inaudible, and decoders do not complain. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { runFilter } from '../filters/run-filter.ts'
import { needs } from '../programs.ts'
import { startServer } from '../streamserve.ts'
import { type Decoded, decodeFile, without } from './decode.ts'
import { type Decoder, flacInOgg } from './decoders.ts'
import { listenPlainly } from './listener.ts'
import { MP3_STREAMS, OTHER_MPEG_STREAMS, OTHER_STREAMS, type Stream } from './streams.ts'

const NAMES = new Set([
  'MP3 by lame, CBR 128',
  'MP3 by lame, V2',
  'MP3 by lame, 24 kHz VBR',
  'AAC by ffmpeg',
  'Opus by opusenc',
  'Vorbis by oggenc',
  'FLAC by flac',
  'FLAC in Ogg by flac',
  'WAV by sox',
])
const STREAMS = [...MP3_STREAMS, ...OTHER_MPEG_STREAMS, ...OTHER_STREAMS].filter(({ name }) => NAMES.has(name))

/** Durations of the files, in seconds. */
const LENGTHS = [1.4, 0.9, 1.1]
/** Number of rounds that each listener stays. */
const ROUNDS = 1.6
/** Number of listeners, one after the other. */
const JOINERS = 3

/** Bytes that listeners receive of three files in a loop, the first listener from the beginning. */
async function hear(t: Test, { name, encode }: Stream): Promise<Buffer[]> {
  const folder = t.testdir()
  const files = LENGTHS.map((seconds) => encode(seconds))
  const extension = /^(MP3|AAC|Opus|FLAC(?! in)|WAV)/.exec(name)?.[0].toLowerCase() ?? 'ogg'
  for (const [i, bytes] of files.entries()) writeFileSync(join(folder, `${i}.${extension}`), bytes)
  const bytes = Math.round(files.reduce((sum, file) => sum + file.length, 0) * ROUNDS)
  const flags = ['-burst', '500ms', '-client-max-bytes', String(bytes), '-play', folder]
  const server = await startServer(t, flags)
  const listeners = [listenPlainly(t, server.port)]
  for (let i = 1; i <= JOINERS; i++) {
    await Promise.race([listeners[0]?.closed, server.loggedTimes(/source closed/, i)])
    listeners.push(listenPlainly(t, server.port))
  }
  return Promise.all(listeners.map(({ closed }) => closed))
}

/** The decoder as a player of a live stream: unlike ffmpeg with a file, it cannot look at the end. */
function live(decoder: Decoder): Decoder {
  return decoder.program === 'ffmpeg'
    ? { ...decoder, args: decoder.args.map((arg) => (arg === '@' ? '-' : arg)) }
    : decoder
}

/** flac stops after the first link of a chain. */
function endures(decoder: Decoder): boolean {
  return decoder !== flacInOgg
}

async function judge(t: Test, { format, rate, channels, encode }: Stream, bodies: readonly Buffer[]): Promise<void> {
  const { frames } = runFilter(format.filter, [bodies[0] ?? Buffer.alloc(0)])
  const seconds = frames.reduce((sum, { durationUs }) => sum + durationUs, 0) / 1e6
  for (const decoder of format.decoders.filter(endures).map(live)) {
    const { complaints: inherent } = await decode(t, decoder, 'source', encode(1))
    for (const [i, body] of bodies.entries()) {
      const { complaints, samples } = await decode(t, decoder, `listener-${i}`, body)
      t.strictSame(without(complaints, inherent), [], `listener ${i}, ${decoder.program}`)
      // Later listeners begin where the time of a page is not known.
      if (i > 0 || !decoder.decodes) continue
      const heard = samples.length / channels / rate
      t.ok(Math.abs(heard - seconds) < 0.15 && seconds > 4, `${decoder.program}: ${heard} s of ${seconds}`)
    }
  }
}

function decode(t: Test, decoder: Decoder, name: string, bytes: Buffer): Promise<Decoded> {
  const file = join(t.testdirName, name)
  writeFileSync(file, bytes)
  return decodeFile(decoder, file)
}

t.jobs = STREAMS.length
await Promise.all(
  STREAMS.map((stream) => {
    const programs = [stream.encoder, ...stream.format.decoders.map(({ program }) => program)]
    return t.test(`${stream.name}: files in a loop`, { skip: needs(...new Set(programs)) }, async (t) => {
      await judge(t, stream, await hear(t, stream))
    })
  }),
)
