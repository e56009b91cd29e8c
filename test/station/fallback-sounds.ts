/** Sounds of the tests of fallbacks, in five formats, and the comparison of what listeners get with them. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { music } from '../decode/music.ts'
import { runProgram } from '../programs.ts'

/** A format, and the programs that encode and decode it. */
interface Format {
  readonly name: 'mp3' | 'low.mp3' | 'aac' | 'opus' | 'flac'
  readonly rate: number
  readonly encode: readonly [string, ...string[]]
  readonly input: string
  /** Samples of each channel after a change until those of the new side are exact; undefined: they only converge. */
  readonly exactAfter: number | undefined
}

const RAW_FLAC = ['--force-raw-format', '--endian=little', '--sign=signed', '--channels=2', '--bps=16']
const raw = (rate: number) => ['-v', 'error', '-f', 's16le', '-ar', String(rate), '-ac', '2', '-i', '-']

export const FORMATS: readonly Format[] = [
  {
    name: 'mp3',
    rate: 44_100,
    encode: ['lame', '--quiet', '-r', '-s', '44.1', '-b', '128', '-t', '-', '-'],
    input: 'mp3',
    // A lead-in, and the frame whose overlap it lacks.
    exactAfter: 2 * 1152,
  },
  {
    name: 'low.mp3',
    rate: 22_050,
    encode: ['lame', '--quiet', '-r', '-s', '22.05', '-b', '64', '-t', '-', '-'],
    input: 'mp3',
    // MPEG-2: a lead-in, and two frames of half the length.
    exactAfter: 3 * 576,
  },
  {
    name: 'aac',
    rate: 44_100,
    encode: ['ffmpeg', ...raw(44_100), '-c:a', 'aac', '-aac_pns', '0', '-b:a', '128k', '-f', 'adts', '-'],
    input: 'aac',
    exactAfter: 1024,
  },
  {
    name: 'opus',
    rate: 48_000,
    encode: ['ffmpeg', ...raw(48_000), '-c:a', 'libopus', '-b:a', '96k', '-page_duration', '60000', '-f', 'ogg', '-'],
    input: 'ogg',
    exactAfter: undefined,
  },
  {
    name: 'flac',
    rate: 44_100,
    encode: ['flac', '-s', '-c', ...RAW_FLAC, '--sample-rate=44100', '-'],
    input: 'flac',
    exactAfter: 0,
  },
]

/** A file of a format, and its samples. */
export interface Sound {
  readonly file: string
  readonly samples: Buffer
}

/** Writes two different sounds of 30 s each, that of the source and that of the fallback. */
export function writeSounds(folder: string, { name, rate, encode, input }: Format): { main: Sound; back: Sound } {
  const pcm = music(60, rate)
  const make = (what: string, samples: Buffer): Sound => {
    const [program, ...words] = encode
    const bytes = runProgram(program, words, samples)
    const file = join(folder, `${what}.${name}`)
    writeFileSync(file, bytes)
    return { file, samples: decode(bytes, input).samples }
  }
  return { main: make('main', pcm.subarray(0, pcm.length / 2)), back: make('back', pcm.subarray(pcm.length / 2)) }
}

/** Words that decode standard input to samples of 16 bit, and print every complaint. */
export function decoderWords(input: string): readonly [string, ...string[]] {
  const untimed = ['-af', 'asetpts=N/SR/TB', '-f', 's16le', '-']
  return ['ffmpeg', '-v', 'warning', '-nostdin', '-copyts', '-f', input, '-i', 'pipe:0', ...untimed]
}

function decode(bytes: Buffer, input: string): { samples: Buffer } {
  const [program, ...words] = decoderWords(input)
  return { samples: runProgram(program, words, bytes) }
}

/** Bytes of a sample of both channels. */
const BLOCK = 4
/** Samples that agree only in the same sound, and the step of the search for them. */
const WINDOW = 64
const STEP = 64

/** Samples of a listener that are those of a sound. */
interface Part {
  readonly sound: number
  /** Samples of each channel before it that are of no sound. */
  readonly gap: number
  readonly length: number
}

/** Splits the samples of a listener into parts of the sounds; what is left at the end is not reported. */
export function partsOf(heard: Buffer, sounds: readonly Buffer[]): Part[] {
  const parts: Part[] = []
  let behind = 0
  for (let at = 0; at + WINDOW * BLOCK <= heard.length; ) {
    const found = findIn(sounds, heard.subarray(at, at + WINDOW * BLOCK))
    if (found === undefined) {
      at += STEP * BLOCK
      continue
    }
    const sound = sounds[found.sound] ?? heard
    let start = 0
    while (at - start - BLOCK >= behind && sameBlock(heard, at - start - BLOCK, sound, found.at - start - BLOCK)) {
      start += BLOCK
    }
    let end = WINDOW * BLOCK
    while (at + end + BLOCK <= heard.length && sameBlock(heard, at + end, sound, found.at + end)) end += BLOCK
    parts.push({ sound: found.sound, gap: (at - start - behind) / BLOCK, length: (start + end) / BLOCK })
    at += end
    behind = at
  }
  return parts
}

function findIn(sounds: readonly Buffer[], window: Buffer): { sound: number; at: number } | undefined {
  for (const [sound, samples] of sounds.entries()) {
    const at = samples.indexOf(window)
    if (at >= 0 && at % BLOCK === 0) return { sound, at }
  }
  return undefined
}

function sameBlock(one: Buffer, at: number, other: Buffer, otherAt: number): boolean {
  if (otherAt < 0 || otherAt + BLOCK > other.length) return false
  return one.readInt32LE(at) === other.readInt32LE(otherAt)
}
