import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { createAuto } from '../../filters/auto/auto.ts'
import { decodeFile } from '../decode/decode.ts'
import {
  type Decoder,
  ffmpegAac,
  ffmpegFlac,
  ffmpegMp3,
  ffmpegWav,
  flacAlone,
  mpg123,
  oggdec,
  opusdec,
} from '../decode/decoders.ts'
import { type Encode, ffmpeg, flac, lame, oggenc, opusenc } from '../decode/encode.ts'
import { needs } from '../programs.ts'
import { FedClient, type FedStream, fedStream } from './fed-stream.ts'

/** Duration of an opening, and of a chunk of it, in milliseconds. */
const OPENING_MS = 10_000
const CHUNK_MS = 250

/** A stream of two openings, each with a header of its own where the format has one. */
interface Format {
  readonly encode: Encode
  readonly decoders: readonly Decoder[]
  readonly encoder: string
}

const FORMATS: Readonly<Record<string, Format>> = {
  MP3: { encode: lame(44_100, '-b', '128'), decoders: [ffmpegMp3, mpg123], encoder: 'lame' },
  'MP3 with a variable bit rate': { encode: lame(44_100, '-V', '2'), decoders: [ffmpegMp3, mpg123], encoder: 'lame' },
  AAC: { encode: ffmpeg(44_100, '-f', 'adts'), decoders: [ffmpegAac], encoder: 'ffmpeg' },
  FLAC: { encode: flac(44_100), decoders: [ffmpegFlac, flacAlone], encoder: 'flac' },
  Opus: { encode: opusenc(), decoders: [opusdec], encoder: 'opusenc' },
  Vorbis: { encode: oggenc(44_100), decoders: [oggdec], encoder: 'oggenc' },
  WAV: { encode: ffmpeg(44_100, '-f', 'wav'), decoders: [ffmpegWav], encoder: 'ffmpeg' },
}

/** Feeds an opening in real time. @param every called after each chunk */
async function feed(fed: FedStream, bytes: Buffer, every: (index: number) => void = () => {}): Promise<void> {
  const size = Math.ceil((bytes.length * CHUNK_MS) / OPENING_MS)
  for (let at = 0; at < bytes.length; at += size) {
    await fed.feed(bytes.subarray(at, at + size), CHUNK_MS)
    every(at / size)
  }
}

async function complaintsOf(t: Test, decoder: Decoder, bytes: Buffer): Promise<readonly string[]> {
  const file = join(t.testdir(), 'sound')
  writeFileSync(file, bytes)
  return (await decodeFile(decoder, file)).complaints
}

for (const [name, { encode, decoders, encoder }] of Object.entries(FORMATS)) {
  const missing = needs(encoder, ...decoders.map(({ program }) => program))
  t.test(`a listener behind gets what one of that time has got: ${name}`, { skip: missing }, async (t) => {
    // Two logical streams of Ogg have two serial numbers.
    const [opening, next] = [encode(OPENING_MS / 1000), encode(OPENING_MS / 1000)]
    const fed = await fedStream(createAuto, '-rewind', '1h', '-exec', 'cat')
    t.teardown(() => fed.stream.stop('the test is over'))
    const { stream, delivery, clock } = fed
    const early: { frame: number; client: FedClient }[] = []
    const joinNow = (index: number) => {
      const frame = stream.ring.next
      if (index % 7 === 3) early.push({ frame, client: new FedClient().join(delivery, { frame }) })
    }
    await feed(fed, opening, joinNow)
    await fed.close()
    await feed(fed, next)
    const late = early.map(({ frame, client }) => ({ client, late: new FedClient().join(delivery, { frame }) }))
    t.equal(stream.epochs.all().length, 2)
    t.ok(late.every(({ client, late: other }) => other.all.length < client.all.length))
    await clock.advance(2 * OPENING_MS)
    for (const { client, late: other } of late) t.ok(other.all.equals(client.all), `${other.all.length} bytes`)
    for (const decoder of decoders) {
      const [first] = late
      t.strictSame(await complaintsOf(t, decoder, first?.late.all ?? opening), [], decoder.program)
    }
  })
}
