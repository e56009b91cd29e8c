import { createAacAdts } from '../../../filters/aac/adts.ts'
import { createFlac } from '../../../filters/flac/flac.ts'
import type { CreateFilter } from '../../../filters/frame-filter.ts'
import { createMp3 } from '../../../filters/mpeg/mp3.ts'
import { createOgg } from '../../../filters/ogg/ogg.ts'
import { type PcmFormat, parsePcmFormat } from '../../../filters/pcm-format.ts'
import { createRaw } from '../../../filters/raw.ts'
import { createWav } from '../../../filters/wav/wav.ts'
import { runProgram } from '../../programs.ts'
import { music } from '../encoded.ts'
import { type Frames, framesOf } from './cut-files.ts'

/** One way to encode sound. */
interface Encoding {
  readonly create: CreateFilter
  /** Program that encodes, and its arguments behind those for raw input. */
  readonly with: 'ffmpeg' | 'lame' | undefined
  readonly args: readonly string[]
  readonly samples?: PcmFormat
}

const CD = parsePcmFormat('cd')
const INPUT = {
  ffmpeg: ['-v', 'error', '-f', 's16le', '-ar', '44100', '-ac', '2', '-i', '-'],
  lame: ['--quiet', '-r', '-s', '44.1'],
}

/** The encodings of which files are made. Noise substitution is off, because decoders use noise of their own. */
export const ENCODINGS = {
  mp3: { create: createMp3, with: 'lame', args: ['-b', '128', '-', '-'] },
  'mp3 of a varying rate': { create: createMp3, with: 'lame', args: ['-V', '4', '-', '-'] },
  'mpeg-2 mp3': { create: createMp3, with: 'lame', args: ['--resample', '22.05', '-b', '48', '-', '-'] },
  mp2: { create: createMp3, with: 'ffmpeg', args: ['-c:a', 'mp2', '-b:a', '192k', '-f', 'mp2', '-'] },
  aac: { create: createAacAdts, with: 'ffmpeg', args: ['-c:a', 'aac', '-aac_pns', '0', '-f', 'adts', '-'] },
  flac: { create: createFlac, with: 'ffmpeg', args: ['-c:a', 'flac', '-f', 'flac', '-'] },
  opus: { create: createOgg, with: 'ffmpeg', args: ['-c:a', 'libopus', '-f', 'ogg', '-'] },
  vorbis: { create: createOgg, with: 'ffmpeg', args: ['-c:a', 'libvorbis', '-f', 'ogg', '-'] },
  'ogg flac': { create: createOgg, with: 'ffmpeg', args: ['-c:a', 'flac', '-f', 'ogg', '-'] },
  wav: { create: createWav, with: 'ffmpeg', args: ['-c:a', 'pcm_s24le', '-f', 'wav', '-'] },
  raw: { create: createRaw, with: undefined, args: [], samples: CD },
} satisfies Record<string, Encoding>

/** Name of an encoding. */
export type EncodingName = keyof typeof ENCODINGS

/** Encodes some seconds of music, and cuts it into frames. */
export function encodedFrames(name: EncodingName, seconds: number): Frames {
  const encoding: Encoding = ENCODINGS[name]
  const { create, samples, args } = encoding
  const pcm = music(seconds)
  const bytes = encoding.with === undefined ? pcm : runProgram(encoding.with, [...INPUT[encoding.with], ...args], pcm)
  return framesOf(create, bytes, samples)
}
