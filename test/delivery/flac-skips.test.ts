import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { FLAC_NUMBERS } from '../../filters/flac/number.ts'
import { music } from '../decode/music.ts'
import { complaints, decoded } from '../filters/ogg/encoded-ogg.ts'
import { needs, runProgram } from '../programs.ts'
import { type Capture, type Place, playToSlowListeners, type Range } from './flac-listeners.ts'

const SECONDS = 8
/** Bytes of a sample as ffmpeg writes it, for comparison. */
const SAMPLE_BYTES = 4

/** An encoder's input. */
interface Sound {
  readonly rate: number
  readonly channels: number
  readonly codec: 'pcm_u8' | 'pcm_s16le' | 'pcm_s24le'
}

const CD: Sound = { rate: 44_100, channels: 2, codec: 'pcm_s16le' }
const MONO: Sound = { rate: 44_100, channels: 1, codec: 'pcm_s16le' }
const STUDIO: Sound = { rate: 96_000, channels: 2, codec: 'pcm_s24le' }
const DAT: Sound = { rate: 48_000, channels: 2, codec: 'pcm_s24le' }
const PHONE: Sound = { rate: 8000, channels: 1, codec: 'pcm_u8' }

function wav({ rate, channels, codec }: Sound): Buffer {
  const input = ['-v', 'error', '-f', 's16le', '-ar', '44100', '-ac', '2', '-i', '-']
  const output = ['-ar', String(rate), '-ac', String(channels), '-c:a', codec, '-af', 'volume=0.9', '-f', 'wav', '-']
  return runProgram('ffmpeg', [...input, ...output], music(SECONDS, 44_100))
}

function flac(sound: Sound, ...options: readonly string[]): [Sound, () => Buffer] {
  return [sound, () => runProgram('flac', ['-s', '-c', '--ignore-chunk-sizes', ...options, '-'], wav(sound))]
}

function ffmpeg(sound: Sound, ...options: readonly string[]): [Sound, () => Buffer] {
  const args = ['-v', 'error', '-i', '-', '-c:a', 'flac', ...options, '-f', 'flac', '-']
  return [sound, () => runProgram('ffmpeg', args, wav(sound))]
}

const STREAMS: Readonly<Record<string, [Sound, () => Buffer]>> = {
  'flac -0': flac(CD, '-0'),
  'flac -5': flac(CD, '-5'),
  'flac -8, mono': flac(MONO, '-8'),
  'flac, 24 bit, 96 kHz': flac(STUDIO, '-5'),
  'flac, 8 bit, 8 kHz': flac(PHONE, '-b', '1152'),
  'flac, blocks of 8192': flac(CD, '--lax', '-b', '8192'),
  'ffmpeg, level 0': ffmpeg(CD, '-compression_level', '0'),
  'ffmpeg, level 5, mono': ffmpeg(MONO, '-compression_level', '5'),
  'ffmpeg, level 12, 24 bit': ffmpeg(DAT, '-compression_level', '12', '-sample_fmt', 's32'),
  'ffmpeg, blocks of 576': ffmpeg(CD, '-frame_size', '576'),
}

const FFMPEG = ['-v', 'warning', '-i', '@', '-f', 's32le', '-'] as const
const MPV = ['--no-config', '--no-video', '--msg-level=all=warn', '--ao=pcm', '--ao-pcm-waveheader=no'] as const

/** Returns the samples of some ranges, concatenated. */
function cutOut(samples: Buffer, ranges: readonly Range[], { channels }: Sound): Buffer {
  const bytes = channels * SAMPLE_BYTES
  return Buffer.concat(ranges.map(({ from, to }) => samples.subarray(from * bytes, to * bytes)))
}

function judge(t: Test, sound: Sound, source: Buffer, captures: readonly Capture[]): void {
  // ffmpeg skips some frames in the encoder's own file when they are as short as those of quiet 8-bit sound.
  const whole = decoded(decoded(source, 'flac', '-s', '-d', '-c', '@'), 'ffmpeg', ...FFMPEG)
  const samplesFile = join(t.testdir(), 'samples')
  for (const [i, { bytes, ranges }] of captures.entries()) {
    const name = `listener ${i}, ${ranges.length - 1} skips`
    const expected = cutOut(whole, ranges, sound)
    t.ok(ranges.length > 1 || i > 0, name)
    t.equal(complaints(bytes, 'flac', '-s', '-t', '@'), '', `flac, ${name}`)
    t.equal(complaints(bytes, 'ffmpeg', ...FFMPEG), '', `ffmpeg, ${name}`)
    t.ok(decoded(bytes, 'ffmpeg', ...FFMPEG).equals(expected), `ffmpeg decodes the right samples, ${name}`)
    const mpv = [...MPV, `--ao-pcm-file=${samplesFile}`, '--audio-format=s32', '@']
    t.equal(complaints(bytes, 'mpv', ...mpv), '', `mpv, ${name}`)
    t.ok(readFileSync(samplesFile).equals(expected), `mpv plays the right samples, ${name}`)
  }
}

const skip = needs('flac', 'ffmpeg', 'mpv')
const PLACES: readonly Place[] = ['main thread', 'delivery thread']

for (const [name, [sound, encode]] of Object.entries(STREAMS)) {
  await t.test(`${name}: flac, ffmpeg and mpv decode a stream with skips without a message`, { skip }, async (t) => {
    const source = encode()
    const [here = [], elsewhere = []] = await Promise.all(PLACES.map((place) => playToSlowListeners(source, place)))
    judge(t, sound, source, here)
    judge(t, sound, source, elsewhere.slice(0, 1))
  })
}

await t.test('decodes a stream with skips when it has run until its numbers start at 0 again', { skip }, async (t) => {
  const source = flac(CD)[1]()
  judge(t, CD, source, await playToSlowListeners(source, 'main thread', FLAC_NUMBERS - 3 * CD.rate))
})
