import fc from 'fast-check'
import t from 'tap'
import { createAuto } from '../../filters/auto.ts'
import { parsePcmFormat } from '../../filters/pcm-format.ts'
import { createWav } from '../../filters/wav.ts'
import { endlessWavHeader } from '../../filters/wav-header.ts'
import { Ring } from '../../src/ring/ring.ts'
import { needs, runProgram } from '../programs.ts'
import { noise } from './made-up.ts'
import { cut, DEFAULTS, joined, runFilter, summary } from './run-filter.ts'

const cd = endlessWavHeader(parsePcmFormat('cd'))
const samples = noise(10_000, 1)
const ring = new Ring({ frames: 4 })

/** A header with the given sizes and chunks in front of the samples. */
function wav(dataBytes: number, ...chunks: readonly Buffer[]): Buffer {
  const size = Buffer.alloc(4)
  size.writeUInt32LE(dataBytes)
  const fmt = cd.subarray(12, 36)
  return Buffer.concat([cd.subarray(0, 12), ...chunks, fmt, Buffer.from('data'), size])
}

await t.test('samples come out as they are, cut at whole samples, for any writer of unknown size', (t) => {
  for (const dataBytes of [0, 0x7ffff024, 0x80000000, 0xffffffff]) {
    const { frames, filter, skippedBytes } = runFilter(createWav, [wav(dataBytes), samples])
    t.strictSame(joined(frames), samples.subarray(0, joined(frames).length))
    t.ok(frames.length === 9 && frames.every(({ bytes }) => bytes.length % 4 === 0), `${dataBytes}`)
    t.equal(filter.contentType, 'audio/wav')
    t.equal(skippedBytes, samples.length - joined(frames).length, 'the short tail')
  }
  t.end()
})

await t.test('every joiner gets a header without an end, and nobody gets it at a skip', (t) => {
  const { filter } = runFilter(createWav, [wav(8000), samples])
  t.strictSame(filter.preamble?.(0, ring, true), cd)
  t.equal(filter.preamble?.(0, ring, false)?.length, 0)
  t.match(filter.description, 'WAV, PCM 16 bit, 44100 Hz, 2 channels')
  t.end()
})

await t.test('what follows samples of a known number is no sound', (t) => {
  const { frames } = runFilter(createWav, [wav(4096), samples])
  t.strictSame(joined(frames), samples.subarray(0, 4096))
  t.end()
})

await t.test('other chunks in front of the samples are passed over', (t) => {
  const list = Buffer.concat([Buffer.from('LIST'), Buffer.from([5, 0, 0, 0]), Buffer.from('abcde\0')])
  const { frames } = runFilter(createWav, [wav(4096, list), samples])
  t.strictSame(joined(frames), samples.subarray(0, 4096))
  t.end()
})

await t.test('chunks of any size give the same frames, and auto finds the same', (t) => {
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

await t.test('what is no header, or one of a format that is no samples, is skipped and complained of', (t) => {
  const mp3 = wav(0)
  mp3.writeUInt16LE(0x55, 20)
  const huge = Buffer.concat([Buffer.from('LIST'), Buffer.from([0, 0, 0, 1])])
  for (const [head, complaint] of [
    [noise(500, 2), /no RIFF header/],
    [mp3, /WAV format 85/],
    [wav(0, huge), /a chunk "LIST" of 16777216 bytes/],
    [Buffer.concat([cd.subarray(0, 12), Buffer.from('data'), Buffer.alloc(4)]), /no format/],
  ] as const) {
    const { frames, skippedBytes, filter } = runFilter(createWav, [head, samples])
    t.equal(frames.length, 0)
    t.equal(skippedBytes, head.length + samples.length)
    t.match(filter.complaint, complaint)
  }
  t.end()
})

await t.test('no bytes make it throw, wherever a header is cut or broken', (t) => {
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

await t.test('what real programs write into a pipe is read', { skip: needs('sox', 'ffmpeg') }, (t) => {
  const streams = {
    'WAV, PCM 32 bit, 48000 Hz, 1 channel': [
      'sox',
      ['-n', '-b', '32', '-t', 'wav', '-', 'synth', '0.2', 'sine', '440'],
    ],
    'WAV, PCM 16 bit, 44100 Hz, 1 channel': [
      'ffmpeg',
      ['-v', 'error', '-f', 'lavfi', '-i', 'sine=d=0.2', '-f', 'wav', '-'],
    ],
    'WAV, float 32 bit, 44100 Hz, 1 channel': [
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
