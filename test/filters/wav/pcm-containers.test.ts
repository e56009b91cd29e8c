import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { createAuto } from '../../../filters/auto/auto.ts'
import { createWav } from '../../../filters/wav/wav.ts'
import { needs, runProgram } from '../../programs.ts'
import { noise } from '../made-up.ts'
import { cut, joined, runFilter, summary } from '../run-filter.ts'

const skip = needs('ffmpeg', 'sox')

const FFMPEG: readonly (readonly [codec: string, container: string])[] = [
  ['pcm_s16le', 'w64'],
  ['pcm_s24le', 'w64'],
  ['pcm_s16be', 'aiff'],
  ['pcm_s24be', 'aiff'],
  ['pcm_s8', 'aiff'],
  ['pcm_f32be', 'aiff'],
  ['pcm_mulaw', 'aiff'],
  ['pcm_s16be', 'au'],
  ['pcm_s8', 'au'],
  ['pcm_f64be', 'au'],
  ['pcm_alaw', 'au'],
]

const TONE = ['-v', 'error', '-y', '-f', 'lavfi', '-i', 'sine=d=0.2', '-ac', '2', '-c:a'] as const

for (const [codec, container] of FFMPEG) {
  await t.test(
    `plays ${codec} in ${container} as WAV of the same samples, from a file and from a pipe`,
    { skip },
    (t) => {
      const name = codec === 'pcm_s8' ? 'u8' : codec.replace('pcm_', '').replace('be', 'le')
      const expected = runProgram('ffmpeg', [...TONE, `pcm_${name}`, '-f', name, '-'])
      const path = `${t.testdir()}/tone`
      runProgram('ffmpeg', [...TONE, codec, '-f', container, path])
      const piped = runProgram('ffmpeg', [...TONE, codec, '-f', container, '-'])
      for (const file of [readFileSync(path), piped]) {
        for (const sizes of [[file.length], [1], [1000]]) {
          const { filter, frames } = runFilter(createAuto, cut(file, sizes))
          t.equal(filter.contentType, 'audio/wav')
          t.match(filter.description, /44100 Hz, stereo/)
          t.ok(joined(frames).subarray(0, expected.length).equals(expected))
        }
      }
      t.end()
    },
  )
}

await t.test('plays RIFX as WAV of the same samples', { skip }, (t) => {
  const raw = noise(9000, 1)
  const args = ['-t', 'raw', '-r', '22050', '-e', 'signed', '-b', '24', '-c', '1', '-']
  const file = runProgram('sox', [...args, '-B', '-t', 'wav', '-'], raw)
  t.equal(file.toString('latin1', 0, 4), 'RIFX')
  const { filter, frames } = runFilter(createAuto, cut(file, [777]))
  t.equal(filter.description, 'WAV, 24 bit, 22050 Hz, mono')
  t.ok(joined(frames).equals(raw))
  t.end()
})

await t.test('refuses anything except plain samples, and never throws', (t) => {
  const au = Buffer.alloc(600)
  au.write('.snd\0\0\0\x18\xff\xff\xff\xff\0\0\0\x17', 'latin1')
  t.match(runFilter(createAuto, [au]).filter.refusal, /AU encoding 23/)
  const head = fc.constantFrom(
    'RIFX\0\0\0\0WAVE',
    'riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb',
    'FORM\0\0\0\0AIFF',
    '.snd\0\0',
  )
  const chunk = fc.constantFrom(
    'fmt \0\0\0\x10',
    'data\0\0\0\0',
    'COMM\0\0\0\x12',
    'SSND\0\0\0\0',
    '\0\x01\0\x02',
    '@\x0e\xacD',
  )
  const part = fc.oneof(
    chunk.map((text) => Buffer.from(text, 'latin1')),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  )
  const property = fc.property(
    head,
    fc.array(part, { maxLength: 12 }),
    fc.integer({ min: 1, max: 50 }),
    (start, parts, size) => {
      const bytes = Buffer.concat([Buffer.from(start, 'latin1'), ...parts])
      for (const create of [createWav, createAuto]) {
        const [one, many] = [runFilter(create, [bytes]), runFilter(create, cut(bytes, [size]))]
        t.strictSame(summary(many), summary(one))
      }
    },
  )
  t.doesNotThrow(() => fc.assert(property, { numRuns: 200 }))
  t.end()
})
