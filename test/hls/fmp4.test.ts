import fc from 'fast-check'
import t from 'tap'
import { createFlac } from '../../filters/flac/flac.ts'
import { headerOfFrame } from '../../filters/flac/header.ts'
import type { CreateFilter } from '../../filters/frame-filter.ts'
import { createOgg } from '../../filters/ogg/ogg.ts'
import { decodeWithFfmpeg } from '../filters/decoders.ts'
import { music } from '../filters/encoded.ts'
import { needs, runProgram } from '../programs.ts'
import { cutSegments, type Frames, framesOf } from './cut-segments.ts'
import { packagingFor } from './packaging-for.ts'
import { readFragment, readInit } from './read-fragments.ts'
import { readTag } from './read-packed-audio.ts'

const SECONDS = 5
const RAW = ['--endian=little', '--sign=signed', '--channels=2', '--bps=16', '--sample-rate=44100']

/** Encodes music with a program that reads samples and writes to a pipe. */
function encoded(program: string, ...args: readonly string[]): Buffer {
  return runProgram(program, args, music(SECONDS))
}

function ffmpeg(...args: readonly string[]): Buffer {
  return encoded(
    'ffmpeg',
    '-v',
    'error',
    '-f',
    's16le',
    '-ar',
    '44100',
    '-ac',
    '2',
    '-i',
    '-',
    ...args,
    '-f',
    'ogg',
    '-',
  )
}

interface Stream {
  readonly create: CreateFilter
  readonly make: () => Buffer
  readonly format: 'flac' | 'ogg'
}

const FLAC: ReadonlyMap<string, Stream> = new Map([
  ['FLAC', { create: createFlac, make: () => encoded('flac', '-s', '-c', ...RAW, '-'), format: 'flac' }],
  ['FLAC in Ogg', { create: createOgg, make: () => encoded('flac', '-s', '-c', '--ogg', ...RAW, '-'), format: 'ogg' }],
  [
    'FLAC in Ogg with packets over several pages',
    { create: createOgg, make: () => ffmpeg('-c:a', 'flac'), format: 'ogg' },
  ],
])
const OPUS: ReadonlyMap<string, Stream> = new Map([
  [
    'Opus',
    {
      create: createOgg,
      make: () => encoded('opusenc', '--quiet', '--raw', '--raw-rate', '44100', '-', '-'),
      format: 'ogg',
    },
  ],
  [
    'Opus with packets of 60 ms',
    { create: createOgg, make: () => ffmpeg('-c:a', 'libopus', '-frame_duration', '60'), format: 'ogg' },
  ],
])

function packetsOf(packed: Buffer) {
  return readFragment(packed).fragment.packets
}

/** Init segment and segments, and the frames that they are made of. */
async function packedStream(stream: Frames, segmentMs: number) {
  const { init = NOTHING, pack, codecs, extension } = await packagingFor(stream)
  const segments = cutSegments(stream, segmentMs)
  return { init, segments, packed: segments.map((segment) => pack(segment)), codecs, extension }
}

const skip = needs('ffmpeg', 'flac', 'opusenc')
const NOTHING = Buffer.alloc(0)

for (const [name, { create, make, format }] of [...FLAC, ...OPUS]) {
  await t.test(`${name}: segments behind one another are the stream, and each of them decodes`, { skip }, async (t) => {
    const stream = framesOf(create, make())
    const { init, segments, packed, extension } = await packedStream(stream, 1_000)
    t.equal(extension, 'm4s')
    t.ok(segments.length >= SECONDS)
    const plain = decodeWithFfmpeg(format, Buffer.concat(stream.frames.map(({ bytes }) => bytes)))
    const sound = decodeWithFfmpeg('mp4', Buffer.concat([init, ...packed]))
    t.ok(sound.subarray(0, plain.length).equals(plain), 'the samples are the same')
    t.ok(sound.length - plain.length < 0.06 * 48_000 * 4, 'but for the end, which Opus cuts in the middle of a packet')
    for (const bytes of packed) t.ok(decodeWithFfmpeg('mp4', Buffer.concat([init, bytes])).length > 0)
  })

  await t.test(`${name}: times follow from positions`, { skip }, async (t) => {
    const { init, segments, packed } = await packedStream(framesOf(create, make()), 1_000)
    const { rate } = readInit(init)
    let time = 0
    for (const [at, { us }] of segments.entries()) {
      const { fragment } = readFragment(packed[at] ?? NOTHING)
      t.equal(fragment.time, Math.round((us * rate) / 1e6))
      t.equal(fragment.time, time, 'packets fill the time up to the next segment')
      t.equal(fragment.sequence, at + 1)
      time += fragment.packets.reduce((sum, { duration }) => sum + duration, 0)
    }
  })
}

await t.test('frames of FLAC have the numbers of their samples in the epoch', { skip }, async (t) => {
  for (const { create, make } of FLAC.values()) {
    const { packed } = await packedStream(framesOf(create, make()), 1_000)
    let number = 0
    for (const { bytes, duration } of packed.flatMap(packetsOf)) {
      t.equal(headerOfFrame(bytes)?.number, number)
      number += duration
    }
  }
})

await t.test('the codec is named as players know it', { skip }, async (t) => {
  for (const [streams, codecs, type] of [
    [FLAC, 'fLaC', 'fLaC'],
    [OPUS, 'opus', 'Opus'],
  ] as const) {
    for (const { create, make } of streams.values()) {
      const made = await packedStream(framesOf(create, make()), 1_000)
      t.equal(made.codecs, codecs)
      t.equal(readInit(made.init).codec, type)
    }
  }
})

await t.test('titles are events at their times', { skip }, async (t) => {
  const stream = framesOf(createFlac, FLAC.get('FLAC')?.make() ?? NOTHING)
  const { pack } = await packagingFor(stream)
  const titles = [
    { us: 0, text: 'One' },
    { us: 1_500_000, text: 'Zwölf' },
  ]
  const events = cutSegments(stream, 1_000, titles).map((segment) =>
    readFragment(pack(segment)).events.map(({ scheme, time, rate, message }) => {
      t.equal(scheme, 'https://aomedia.org/emsg/ID3')
      return [time / rate, readTag(message).title]
    }),
  )
  const [, second = 0, third = 0] = cutSegments(stream, 1_000).map(({ us }) => Math.round(us * 0.0441) / 44_100)
  t.strictSame(events.slice(0, 3), [
    [[0, 'One']],
    [
      [second, 'One'],
      [1.5, 'Zwölf'],
    ],
    [[third, 'Zwölf']],
  ])
})

await t.test('the same frames make the same bytes, however they arrived', { skip }, async () => {
  for (const { create, make } of [...FLAC.values(), ...OPUS.values()]) {
    const bytes = make()
    const bytesOf = async (sizes: readonly number[]) => {
      const { init, packed } = await packedStream(framesOf(create, bytes, sizes), 700)
      return Buffer.concat([init, ...packed])
    }
    const expected = await bytesOf([])
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 30_000 }), { minLength: 1, maxLength: 5 }), async (sizes) =>
        (await bytesOf(sizes)).equals(expected),
      ),
      { numRuns: 5 },
    )
  }
})
