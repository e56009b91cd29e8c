import t from 'tap'
import { isInfoFrame } from '../../../filters/mpeg/info-frame.ts'
import { createMp3 } from '../../../filters/mpeg/mp3.ts'
import { needs } from '../../programs.ts'
import { decodeMp3, type Mp3Decoder } from '../decoders.ts'
import { lame } from '../encoded.ts'
import { noise } from '../made-up.ts'
import { DEFAULTS, joined, runFilter } from '../run-filter.ts'

const DECODERS = ['ffmpeg', 'mpg123', 'madplay'] as const satisfies readonly Mp3Decoder[]

/** Output of lame, and the number of samples per frame and channel. */
interface Encoded {
  readonly args: readonly string[]
  readonly samples: number
  readonly channels: number
}

const STREAMS = new Map<string, Encoded>([
  ['CBR 128', { args: ['-b', '128'], samples: 1152, channels: 2 }],
  ['CBR 64 mono', { args: ['-b', '64', '-a', '-m', 'm'], samples: 1152, channels: 1 }],
  ['VBR', { args: ['-V', '5'], samples: 1152, channels: 2 }],
  ['with checksums', { args: ['-p', '-b', '128'], samples: 1152, channels: 2 }],
  ['MPEG-2', { args: ['--resample', '22.05', '-b', '48'], samples: 576, channels: 2 }],
  ['MPEG-2.5', { args: ['--resample', '8', '-b', '16'], samples: 576, channels: 2 }],
])

const encodes = new Map<string, Buffer>()

/** Encodes with lame, once, without a Xing table. */
function encode(args: readonly string[]): Buffer {
  const key = args.join(' ')
  const bytes = encodes.get(key) ?? lame('-t', ...args)
  encodes.set(key, bytes)
  return bytes
}

/** A pseudo-random number below `limit`, the same in every run. */
function chance(seed: number, limit: number): number {
  return noise(4, seed).readUInt32LE() % limit
}

/** Number of frames at the end of `a` that are also the last ones of `b`. */
function commonTail(a: readonly Buffer[], b: readonly Buffer[]): number {
  let same = 0
  while (same < Math.min(a.length, b.length) && a.at(-1 - same)?.equals(b.at(-1 - same) ?? noise(1, 1))) same++
  return same
}

function framesOf(bytes: Buffer): Buffer[] {
  return runFilter(createMp3, [bytes]).frames.map((frame) => frame.bytes)
}

/** mpg123 sometimes rounds to the adjacent number. */
function areAlike(a: Buffer, b: Buffer): boolean {
  const samples = new Int16Array(Uint8Array.from(b).buffer)
  return a.length === b.length && samples.every((sample, i) => Math.abs(sample - a.readInt16LE(i * 2)) <= 1)
}

/** Sound of whole streams, by decoder and arguments of the encoder. */
const undamagedSounds = new Map<string, Buffer>()

/**
 * Whether the decoded sound after the break, for a listener that has received everything before it, equals that of the
 * undamaged stream. The overlap of the filter bank extends one frame further, in MPEG-2, with half as many samples a frame,
 * two.
 * @throws when the program complains.
 */
function hearsRight(program: Mp3Decoder, out: readonly Buffer[], whole: Buffer, encoded: Encoded): boolean {
  const undamaged = framesOf(whole)
  const rest = commonTail(out, undamaged) - (encoded.samples === 1152 ? 1 : 2)
  if (rest < 5) throw new Error('there is too little after the break')
  const bytes = rest * encoded.samples * encoded.channels * 2
  const heard = decodeMp3(program, Buffer.concat(out)).subarray(-bytes)
  const key = `${program} ${encoded.args.join(' ')}`
  const right = undamagedSounds.get(key) ?? decodeMp3(program, Buffer.concat(undamaged))
  undamagedSounds.set(key, right)
  return areAlike(heard, right.subarray(-bytes))
}

for (const program of DECODERS) {
  const skip = needs('lame', program)
  for (const [name, encoded] of STREAMS) {
    await t.test(`${name}: bytes lost within the stream, by ${program}`, { skip }, (t) => {
      const whole = encode(encoded.args)
      for (let i = 0; i < 3; i++) {
        const from = whole.length / 8 + chance(i, whole.length / 4)
        const to = from + 1 + chance(100 + i, whole.length / 4)
        const damaged = Buffer.concat([whole.subarray(0, from), whole.subarray(to)])
        t.ok(hearsRight(program, framesOf(damaged), whole, encoded))
      }
      t.end()
    })

    await t.test(`${name}: a start in the middle, by ${program}`, { skip }, (t) => {
      const whole = encode(encoded.args)
      for (let i = 0; i < 2; i++) {
        const out = framesOf(whole.subarray(chance(i, whole.length / 2)))
        t.ok(hearsRight(program, out, whole, encoded))
      }
      t.end()
    })
  }

  await t.test(`an encode glued to another one, by ${program}`, { skip }, (t) => {
    for (const [first, second] of [
      ['CBR 128', 'VBR'],
      ['VBR', 'with checksums'],
      ['with checksums', 'CBR 128'],
    ] as const) {
      const encoded = STREAMS.get(second) ?? { args: [], samples: 1152, channels: 2 }
      const one = encode(STREAMS.get(first)?.args ?? [])
      const other = encode(encoded.args)
      const atFrame = Buffer.concat(framesOf(one).slice(0, 40))
      for (const glued of [
        Buffer.concat([atFrame, other]),
        Buffer.concat([one.subarray(0, 20_001), other]),
        Buffer.concat([one.subarray(0, 20_001), other.subarray(11_111)]),
        Buffer.concat([atFrame, other.subarray(11_111)]),
      ]) {
        t.ok(hearsRight(program, framesOf(glued), other, encoded))
      }
    }
    t.end()
  })

  await t.test(`a change of rate, of version or of channels, by ${program}`, { skip }, (t) => {
    const other = encode(['--resample', '48', '-b', '128'])
    for (const [name, { args }] of STREAMS) {
      const one = encode(args)
      const out = Buffer.concat(framesOf(Buffer.concat([one.subarray(0, 9000), other.subarray(7000)])))
      // ffmpeg's time stamps are unreliable when the rate changes, so only the other decoders are checked.
      if (program !== 'ffmpeg') t.ok(decodeMp3(program, out).length > 0, name)
    }
    t.end()
  })
}

await t.test(
  'leaves an audible break, or one that decoders report, without splicing',
  { skip: needs('lame', 'mpg123') },
  (t) => {
    const encoded = STREAMS.get('CBR 128') ?? { args: [], samples: 1152, channels: 2 }
    const whole = encode(encoded.args)
    const damaged = Buffer.concat([whole.subarray(0, 9000), whole.subarray(15_345)])
    const { frames } = runFilter(createMp3, [damaged], { ...DEFAULTS, splice: false })
    const out = frames.map((frame) => frame.bytes)
    t.throws(() => {
      if (!hearsRight('mpg123', out, whole, encoded)) throw new Error('it sounds otherwise')
    })
    t.ok(hearsRight('mpg123', framesOf(damaged), whole, encoded))
    t.end()
  },
)

await t.test('passes on the output of lame unchanged', { skip: needs('lame') }, (t) => {
  for (const args of [
    ['-V', '2'],
    ['-b', '320'],
    ['--abr', '100'],
    ['-m', 'm', '-b', '32'],
    ['--resample', '24', '-V', '7'],
  ]) {
    const { frames, skippedBytes } = runFilter(createMp3, [lame(...args)])
    const plain = runFilter(createMp3, [lame(...args)], { ...DEFAULTS, splice: false })
    t.ok(joined(frames).equals(joined(plain.frames)), args.join(' '))
    t.equal(skippedBytes, 0)
    t.notOk(frames.some((frame) => isInfoFrame(frame.bytes)))
  }
  t.end()
})
