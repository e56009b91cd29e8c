import CodecParser, { type CodecFrame } from 'codec-parser'
import t from 'tap'
import { createAacAdts } from '../../filters/aac/adts.ts'
import { createAuto } from '../../filters/auto/auto.ts'
import { isInfoFrame } from '../../filters/mpeg/info-frame.ts'
import { createMp3 } from '../../filters/mpeg/mp3.ts'
import { needs } from '../programs.ts'
import { ffmpeg, lame } from './encoded.ts'
import { cut, joined, runFilter } from './run-filter.ts'

/** Frames of sound as found by codec-parser, which must not get anything after the last one, not even an ID3v1 tag. */
function witness(type: 'audio/mpeg' | 'audio/aac', bytes: Buffer): Buffer[] {
  const isTagged = bytes.toString('latin1', bytes.length - 128, bytes.length - 125) === 'TAG'
  const frames = new CodecParser<CodecFrame>(type).parseAll(isTagged ? bytes.subarray(0, -128) : bytes)
  return frames.map((frame) => Buffer.from(frame.data)).filter((frame) => type === 'audio/aac' || !isInfoFrame(frame))
}

const SECONDS = 3

const mpegCases: [string, string, () => Buffer, RegExp][] = [
  ['CBR', 'lame', () => lame('-b', '128'), /^MPEG-1 Layer III, 44100 Hz, joint stereo, 128 kbit\/s$/],
  ['VBR', 'lame', () => lame('-V', '4'), /^MPEG-1 Layer III, 44100 Hz, joint stereo, /],
  ['ABR', 'lame', () => lame('--abr', '100'), /^MPEG-1 Layer III, \d+ Hz, joint stereo, about /],
  ['mono', 'lame', () => lame('-b', '64', '-a', '-m', 'm'), /^MPEG-1 Layer III, 44100 Hz, mono, 64 kbit\/s$/],
  ['with checksums', 'lame', () => lame('-p', '-b', '96'), /^MPEG-1 Layer III, /],
  ['MPEG-2', 'lame', () => lame('--resample', '22.05', '-b', '48'), /^MPEG-2 Layer III, 22050 Hz, .* 48 kbit\/s$/],
  ['MPEG-2.5', 'lame', () => lame('--resample', '8', '-b', '16'), /^MPEG-2.5 Layer III, 8000 Hz, .* 16 kbit\/s$/],
  [
    'with tags',
    'lame',
    () => lame('--add-id3v2', '--tt', 'A tone', '--id3v1-only', '-b', '128'),
    /^MPEG-1 Layer III, /,
  ],
  [
    'with ID3v2',
    'ffmpeg',
    () => ffmpeg('-metadata', 'title=A tone', '-b:a', '128k', '-f', 'mp3'),
    /^MPEG-1 Layer III, /,
  ],
  [
    'Layer II',
    'ffmpeg',
    () => ffmpeg('-c:a', 'mp2', '-b:a', '192k', '-f', 'mp2'),
    /^MPEG-1 Layer II, 44100 Hz, stereo, 192 kbit\/s$/,
  ],
]

for (const [name, program, encode, description] of mpegCases) {
  await t.test(
    `mp3, ${name} by ${program}: the frames are those that codec-parser finds`,
    { skip: needs(program) },
    (t) => {
      const bytes = encode()
      const outcome = runFilter(createMp3, cut(bytes, [1000]))
      t.strictSame(joined(outcome.frames), Buffer.concat(witness('audio/mpeg', bytes)))
      t.equal(outcome.skippedBytes, 0)
      const us = outcome.frames.reduce((sum, frame) => sum + frame.durationUs, 0)
      t.ok(us >= SECONDS * 1e6 && us < SECONDS * 1e6 + 300_000, `${us} us`)
      t.match(outcome.filter.description, description)
      t.equal(runFilter(createAuto, cut(bytes, [1000])).filter.contentType, 'audio/mpeg')
      t.end()
    },
  )
}

const aacCases: [string, () => Buffer, RegExp][] = [
  ['stereo', () => ffmpeg('-c:a', 'aac', '-b:a', '96k', '-f', 'adts'), /^MPEG-4 AAC LC, 44100 Hz, stereo, /],
  ['mono', () => ffmpeg('-c:a', 'aac', '-ac', '1', '-ar', '22050', '-f', 'adts'), /^MPEG-4 AAC LC, 22050 Hz, mono, /],
  [
    '5.1',
    () => ffmpeg('-c:a', 'aac', '-ac', '6', '-b:a', '384k', '-f', 'adts'),
    /^MPEG-4 AAC LC, 44100 Hz, 5.1 surround, /,
  ],
]

for (const [name, encode, description] of aacCases) {
  await t.test(
    `aac-adts, ${name} by ffmpeg: the frames are those that codec-parser finds`,
    { skip: needs('ffmpeg') },
    (t) => {
      const bytes = encode()
      const outcome = runFilter(createAacAdts, cut(bytes, [1000]))
      t.strictSame(joined(outcome.frames), Buffer.concat(witness('audio/aac', bytes)))
      t.equal(outcome.skippedBytes, 0)
      const us = outcome.frames.reduce((sum, frame) => sum + frame.durationUs, 0)
      t.ok(us >= SECONDS * 1e6 && us < SECONDS * 1e6 + 300_000, `${us} us`)
      t.match(outcome.filter.description, description)
      t.equal(runFilter(createAuto, cut(bytes, [1000])).filter.contentType, 'audio/aac')
      t.end()
    },
  )
}

await t.test(
  'emits only frames of the encoder for random starts in its output',
  { skip: needs('lame', 'ffmpeg') },
  (t) => {
    for (const [create, bytes] of [
      [createMp3, lame('-V', '2')],
      [createAacAdts, ffmpeg('-c:a', 'aac', '-b:a', '128k', '-f', 'adts')],
    ] as const) {
      const known = new Set(runFilter(create, [bytes]).frames.map((frame) => frame.bytes.byteOffset))
      const found: number[] = []
      for (let from = 0; from < bytes.length - 4000; from += 5) {
        const { frames } = runFilter(create, [bytes.subarray(from, from + 4000)])
        for (const frame of frames) found.push(frame.bytes.byteOffset)
      }
      t.ok(found.length > 5000)
      t.strictSame(
        found.filter((offset) => !known.has(offset)),
        [],
      )
    }
    t.end()
  },
)
