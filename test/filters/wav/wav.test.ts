import fc from 'fast-check'
import t from 'tap'
import { createAuto } from '../../../filters/auto/auto.ts'
import { parsePcmFormat } from '../../../filters/pcm-format.ts'
import { endlessWavHeader } from '../../../filters/wav/header.ts'
import { createWav } from '../../../filters/wav/wav.ts'
import { Ring } from '../../../src/ring/ring.ts'
import { needs, runProgram } from '../../programs.ts'
import { noise } from '../made-up.ts'
import { framesFrom, openings } from '../ogg/encoded-ogg.ts'
import { cut, DEFAULTS, joined, runFilter, summary } from '../run-filter.ts'

const cd = endlessWavHeader(parsePcmFormat('cd'))
const samples = noise(10_000, 1)
const ring = new Ring({ frames: 4 })

/** A header with the given sizes, and chunks before the samples. */
function wav(dataBytes: number, ...chunks: readonly Buffer[]): Buffer {
  const size = Buffer.alloc(4)
  size.writeUInt32LE(dataBytes)
  const fmt = cd.subarray(12, 36)
  return Buffer.concat([cd.subarray(0, 12), ...chunks, fmt, Buffer.from('data'), size])
}

await t.test('emits samples unchanged, cut at whole samples, for every header of unknown size', (t) => {
  for (const dataBytes of [0, 0x7ffff024, 0x80000000, 0xffffffff]) {
    const { frames, filter, skippedBytes } = runFilter(createWav, [wav(dataBytes), samples])
    t.strictSame(joined(frames), samples)
    t.ok(frames.length === 10 && frames.every(({ bytes }) => bytes.length % 4 === 0), `${dataBytes}`)
    t.equal(filter.contentType, 'audio/wav')
    t.equal(skippedBytes, 0)
  }
  t.end()
})

await t.test('sends every new listener a header without an end, and none at a skip', (t) => {
  const { filter } = runFilter(createWav, [wav(8000), samples])
  t.strictSame(filter.preamble?.(0, ring, true), cd)
  t.equal(filter.preamble?.(0, ring, false)?.length, 0)
  t.equal(filter.description, 'WAV, 16 bit, 44100 Hz, stereo')
  t.equal(filter.format, '16 bit, 44100 Hz, stereo')
  t.end()
})

await t.test('emits one shared frame of silent samples as silence', (t) => {
  for (const [name, byte] of Object.entries({ 'u8:8000:1': 0x80, 'mulaw:8000:2': 0xff, 'alaw:8000:1': 0xd5, cd: 0 })) {
    const format = parsePcmFormat(name)
    const { filter, frames } = runFilter(createWav, [endlessWavHeader(format), samples])
    const [last] = frames
    const silence = last && filter.silence?.(last)
    t.ok(silence?.bytes.equals(Buffer.alloc(1024, byte)), name)
    t.equal(silence?.durationUs, last?.durationUs)
    t.equal(last && filter.silence?.(last), silence)
  }
  const { filter } = runFilter(createWav, [wav(0).subarray(0, 20)])
  t.equal(filter.silence?.({ bytes: samples, durationUs: 0 }), undefined, 'before the format is known')
  t.end()
})

await t.test('loses no sample of files that are played one after the other', (t) => {
  const files = [Buffer.concat([wav(7000), samples]), Buffer.concat([wav(2004), samples.subarray(5000)])]
  const { ring, filters } = openings(createWav, files)
  const sound = Buffer.concat([samples.subarray(0, 7000), samples.subarray(5000, 7004)])
  t.strictSame(framesFrom(ring, 0), sound)
  t.equal(filters[0]?.format, filters[1]?.format)
  t.end()
})

await t.test('reports another format for samples of another kind', (t) => {
  const names = [
    'cd',
    'dat',
    'u8:44100:2',
    's24le:44100:2',
    's16le:44100:1',
    'f32le:44100:2',
    's32le:44100:2',
    'alaw:44100:2',
  ]
  const formats = names.map((name) => {
    return runFilter(createWav, [endlessWavHeader(parsePcmFormat(name)), samples]).filter.format
  })
  t.strictSame(formats.slice(3), [
    '24 bit, 44100 Hz, stereo',
    '16 bit, 44100 Hz, mono',
    'float 32 bit, 44100 Hz, stereo',
    '32 bit, 44100 Hz, stereo',
    'A-law 8 bit, 44100 Hz, stereo',
  ])
  t.equal(new Set(formats).size, names.length)
  t.end()
})

await t.test('drops bytes after a known number of samples', (t) => {
  const { frames } = runFilter(createWav, [wav(4096), samples])
  t.strictSame(joined(frames), samples.subarray(0, 4096))
  t.end()
})

await t.test('skips other chunks before the samples', (t) => {
  const list = Buffer.concat([Buffer.from('LIST'), Buffer.from([5, 0, 0, 0]), Buffer.from('abcde\0')])
  const { frames } = runFilter(createWav, [wav(4096, list), samples])
  t.strictSame(joined(frames), samples.subarray(0, 4096))
  t.end()
})

await t.test('emits the same frames for any chunks, as auto does', (t) => {
  const stream = Buffer.concat([wav(0xffffffff), samples])
  const expected = summary(runFilter(createWav, [stream]))
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 6 }), (sizes) => {
      t.strictSame(summary(runFilter(createWav, cut(stream, sizes))), expected)
      t.strictSame(summary(runFilter(createAuto, cut(stream, sizes))), expected)
    }),
    { numRuns: 50 },
  )
  t.end()
})

await t.test('skips bytes without a header, and refuses a header of a format without samples', (t) => {
  const mp3 = wav(0)
  mp3.writeUInt16LE(0x55, 20)
  const huge = Buffer.concat([Buffer.from('LIST'), Buffer.from([0, 0, 0, 1])])
  for (const [head, refusal] of [
    [noise(500, 2), /no RIFF header/],
    [mp3, /WAV format 85/],
    [wav(0, huge), /a chunk "LIST" of 16777216 bytes/],
    [Buffer.concat([cd.subarray(0, 12), Buffer.from('data'), Buffer.alloc(4)]), /no format/],
  ] as const) {
    const { frames, skippedBytes, filter } = runFilter(createWav, [head, samples])
    t.equal(frames.length, 0)
    t.equal(skippedBytes, head.length + samples.length)
    t.match(filter.refusal, refusal)
    t.equal(filter.format, undefined)
  }
  t.end()
})

await t.test('never throws for a header that is cut or broken anywhere', (t) => {
  const head = wav(4096)
  for (let end = 0; end <= head.length; end++) runFilter(createWav, [head.subarray(0, end)], DEFAULTS)
  fc.assert(
    fc.property(fc.nat(head.length - 1), fc.integer({ min: 0, max: 255 }), (at, value) => {
      const broken = Buffer.concat([head, samples])
      broken.writeUInt8(value, at)
      const { frames, skippedBytes } = runFilter(createWav, [broken])
      return joined(frames).length + skippedBytes <= broken.length
    }),
  )
  t.pass('nothing was thrown')
  t.end()
})

await t.test('reads what real programs write to a pipe', { skip: needs('sox', 'ffmpeg') }, (t) => {
  const streams = {
    'WAV, 32 bit, 48000 Hz, mono': ['sox', ['-n', '-b', '32', '-t', 'wav', '-', 'synth', '0.2', 'sine', '440']],
    'WAV, 16 bit, 44100 Hz, mono': ['ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'sine=d=0.2', '-f', 'wav', '-']],
    'WAV, float 32 bit, 44100 Hz, mono': [
      'ffmpeg',
      ['-v', 'error', '-f', 'lavfi', '-i', 'sine=d=0.2', '-c:a', 'pcm_f32le', '-rf64', 'always', '-f', 'wav', '-'],
    ],
  } as const
  for (const [description, [program, args]] of Object.entries(streams)) {
    const { filter, frames } = runFilter(createAuto, cut(runProgram(program, args), [777]))
    t.equal(filter.description, description)
    t.ok(frames.length > 10)
  }
  t.end()
})
