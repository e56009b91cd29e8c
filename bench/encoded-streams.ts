/** Streams made by real encoders, of music that is reproducible. Missing programs are reported. */

import { spawnSync } from 'node:child_process'
import { MELODY_RATE, renderMelody } from '../src/source/demo/melody.ts'

/** Media types of the formats that codec-parser parses. */
export type ParserType = 'audio/mpeg' | 'audio/aac' | 'audio/flac' | 'audio/ogg'

/** Bytes to measure, the filter for them, and their type in codec-parser. */
export interface EncodedStream {
  readonly name: string
  readonly filter: string
  readonly parser: ParserType | undefined
  readonly bytes: Buffer
}

/** Recipe of a stream: the program reads samples (s16le, stereo) and writes the stream. */
interface Recipe {
  readonly name: string
  readonly filter: string
  readonly parser?: ParserType
  /** Absent: the samples are used unchanged. */
  readonly command?: readonly [program: string, ...args: string[]]
}

const LAME = ['lame', '--quiet', '-r', '-s', '44.1'] as const
const FFMPEG = ['ffmpeg', '-v', 'error', '-f', 's16le', '-ar', '44100', '-ac', '2', '-i', '-'] as const
const OPUSENC = ['opusenc', '--quiet', '--raw', '--raw-rate', '44100'] as const
const FLAC_INPUT = ['--force-raw-format', '--endian=little', '--sign=signed', '--channels=2', '--bps=16']
const FLAC = ['flac', '-s', '-c', ...FLAC_INPUT, '--sample-rate=44100'] as const
/** Blocks large enough to make a packet longer than a page. */
const LARGE_BLOCKS = ['--lax', '-l', '0', '-b', '32768']

const RECIPES: readonly Recipe[] = [
  { name: 'samples', filter: 'raw' },
  { name: 'WAV', filter: 'wav', command: [...FFMPEG, '-f', 'wav', '-'] },
  { name: 'MP3, 128 kbit/s', filter: 'mp3', parser: 'audio/mpeg', command: [...LAME, '-b', '128', '-', '-'] },
  { name: 'MP3, VBR', filter: 'mp3', parser: 'audio/mpeg', command: [...LAME, '-V', '2', '-', '-'] },
  {
    name: 'AAC, 128 kbit/s',
    filter: 'aac-adts',
    parser: 'audio/aac',
    command: [...FFMPEG, '-c:a', 'aac', '-b:a', '128k', '-f', 'adts', '-'],
  },
  { name: 'Opus, pages of 1 s', filter: 'ogg', parser: 'audio/ogg', command: [...OPUSENC, '-', '-'] },
  {
    name: 'Opus, pages of 100 ms',
    filter: 'ogg',
    parser: 'audio/ogg',
    command: [...OPUSENC, '--max-delay', '100', '-', '-'],
  },
  { name: 'Vorbis', filter: 'ogg', parser: 'audio/ogg', command: ['oggenc', '-Q', '-r', '-R', '44100', '-'] },
  { name: 'FLAC in Ogg', filter: 'ogg', parser: 'audio/ogg', command: [...FLAC, '--ogg', '-'] },
  { name: 'FLAC in Ogg, large', filter: 'ogg', parser: 'audio/ogg', command: [...FLAC, '--ogg', ...LARGE_BLOCKS, '-'] },
  { name: 'FLAC', filter: 'flac', parser: 'audio/flac', command: [...FLAC, '-'] },
]

/** Makes all streams that can be made here. @param missed receives the name of each other stream, and the reason. */
export function encodedStreams(seconds: number, missed: (name: string, why: string) => void): EncodedStream[] {
  const samples = music(seconds)
  return RECIPES.flatMap(({ name, filter, parser, command }) => {
    const [program, ...args] = command ?? []
    if (program === undefined) return [{ name, filter, parser, bytes: samples }]
    const made = spawnSync(program, args, { input: samples, maxBuffer: 2 ** 30 })
    if (made.error === undefined && made.status === 0) return [{ name, filter, parser, bytes: made.stdout }]
    missed(name, made.error?.message ?? `${program} exits with ${made.status}: ${String(made.stderr)}`)
    return []
  })
}

/** The melody of `-demo`, repeated, with noise that never repeats, so that lossless formats have something to encode. */
function music(seconds: number): Buffer {
  const melody = renderMelody(0, MELODY_RATE * 17)
  const samples = Buffer.alloc(Math.round(seconds * MELODY_RATE) * 4)
  for (let i = 0; i < samples.length / 2; i++) {
    const hiss = (Math.imul(i, 2_654_435_761) >>> 25) - 64
    const note = melody.readInt16LE((i * 2) % melody.length)
    samples.writeInt16LE(Math.max(-32_768, Math.min(32_767, note + hiss)), i * 2)
  }
  return samples
}
