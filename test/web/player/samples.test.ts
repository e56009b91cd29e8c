import t from 'tap'
import type { PcmEncoding } from '../../../filters/pcm-format.ts'
import { readerOf } from '../../../src/web/player/samples.ts'
import { needs, runProgram } from '../../programs.ts'

/** Arguments of sox, and maximum error, by encoding. */
const ENCODINGS: Readonly<Record<PcmEncoding, readonly [args: readonly string[], error: number]>> = {
  u8: [['-e', 'unsigned', '-b', '8'], 1 / 128],
  s16le: [['-e', 'signed', '-b', '16'], 1 / 32_768],
  s24le: [['-e', 'signed', '-b', '24'], 1e-6],
  s32le: [['-e', 'signed', '-b', '32'], 1e-6],
  f32le: [['-e', 'float', '-b', '32'], 1e-6],
  f64le: [['-e', 'float', '-b', '64'], 1e-6],
  mulaw: [['-e', 'mu-law', '-b', '8'], 0.04],
  alaw: [['-e', 'a-law', '-b', '8'], 0.04],
}

const RAW = ['-t', 'raw', '-r', '8000', '-c', '1', '-L']
const TONE = Float32Array.from({ length: 800 }, (_, at) => 0.9 * Math.sin((2 * Math.PI * 100 * at) / 8000))

for (const [encoding, [args, error]] of Object.entries(ENCODINGS)) {
  t.test(`reads ${encoding} as sox writes it`, { skip: needs('sox') }, (t) => {
    const words = ['-D', ...RAW, '-e', 'float', '-b', '32', '-', ...RAW, ...args, '-']
    const bytes = runProgram('sox', words, Buffer.from(TONE.buffer))
    const read = readerOf(encoding as PcmEncoding)
    const samples = read(new Uint8Array(bytes).buffer)
    t.equal(samples.length, 800)
    const worst = samples.reduce((most, sample, at) => Math.max(most, Math.abs(sample - (TONE[at] ?? 0))), 0)
    t.ok(worst <= error, `off by ${worst}`)
    t.end()
  })
}
