import fc from 'fast-check'
import t from 'tap'
import { createAacAdts } from '../../filters/aac/adts.ts'
import { createMp3 } from '../../filters/mpeg/mp3.ts'
import { decodeAac, decodeMp3 } from '../filters/decoders.ts'
import { ffmpeg, lame } from '../filters/encoded.ts'
import { mpegFrames } from '../filters/made-up.ts'
import { needs } from '../programs.ts'
import { cutSegments, framesOf } from './cut-segments.ts'
import { packagingFor } from './packaging-for.ts'
import { readPackedAudio } from './read-packed-audio.ts'

const skip = needs('lame', 'ffmpeg', 'mpg123')

/** Position of a frame of AAC, in microseconds. */
function us(frame: number): number {
  return (frame * 1024 * 1e6) / 44_100
}

/** Frames of a segment, without its tags. */
function framesIn(packed: Buffer): Buffer {
  return Buffer.concat(readPackedAudio(packed).frames)
}

await t.test(
  'MP3: segments behind one another are the stream, and each of them decodes without a complaint',
  { skip },
  async (t) => {
    for (const mp3 of [lame('-b', '128'), lame('-V', '5'), lame('--resample', '22.05', '-b', '48')]) {
      const stream = framesOf(createMp3, mp3)
      const { pack, codecs } = await packagingFor(stream)
      t.equal(codecs, 'mp4a.40.34')
      const packed = cutSegments(stream, 500).map((segment) => framesIn(pack(segment)))
      const whole = decodeMp3('ffmpeg', Buffer.concat(stream.frames.map(({ bytes }) => bytes)))
      t.ok(decodeMp3('ffmpeg', Buffer.concat(packed)).equals(whole), 'no sample is lost, added or changed')
      for (const bytes of packed.slice(0, -1)) t.ok(decodeMp3('mpg123', bytes).length > 0)
    }
  },
)

await t.test('AAC: segments behind one another are the stream', { skip }, async (t) => {
  const adts = ffmpeg('-c:a', 'aac', '-b:a', '96k', '-f', 'adts')
  const stream = framesOf(createAacAdts, adts)
  const { pack, codecs } = await packagingFor(stream)
  t.equal(codecs, 'mp4a.40.2')
  const packed = cutSegments(stream, 500).map((segment) => framesIn(pack(segment)))
  t.ok(packed.length > 5)
  t.ok(Buffer.concat(packed).equals(Buffer.concat(stream.frames.map(({ bytes }) => bytes))))
  for (const bytes of packed) t.ok(decodeAac(bytes).length > 0)
})

await t.test('AAC that may be HE-AAC is named so', { skip: needs('ffmpeg') }, async (t) => {
  const { codecs } = await packagingFor(framesOf(createAacAdts, ffmpeg('-c:a', 'aac', '-ar', '24000', '-f', 'adts')))
  t.equal(codecs, 'mp4a.40.5')
})

await t.test('a segment begins with the time of its first sample, and 33 bits of it', async (t) => {
  const stream = framesOf(createMp3, Buffer.concat(mpegFrames(100, 1)))
  const { pack } = await packagingFor(stream)
  const [first, second] = cutSegments(stream, 1_000)
  if (first === undefined || second === undefined) throw new Error('no segments')
  const timestamps = (us: number) => readPackedAudio(pack({ ...second, us })).tags.map(({ timestamp }) => timestamp)
  t.strictSame(readPackedAudio(pack(first)).tags, [{ us: 0, timestamp: 0, title: undefined }])
  t.strictSame(timestamps(second.us), [Math.round((39 * 1152 * 90_000) / 44_100)])
  const frame = 1152 / 44_100
  t.strictSame(timestamps((2 ** 33 / 90_000 + frame) * 1e6), [Math.round(frame * 90_000)])
})

await t.test(
  'titles of AAC are where they begin, and decoders pass them over',
  { skip: needs('ffmpeg') },
  async (t) => {
    const stream = framesOf(createAacAdts, ffmpeg('-c:a', 'aac', '-f', 'adts'))
    const { pack } = await packagingFor(stream)
    const titles = [
      { us: us(0), text: 'One' },
      { us: us(20), text: 'Zwölf' },
      { us: us(70), text: '' },
    ]
    const packed = cutSegments(stream, 1_000, titles).map((segment) => pack(segment))
    const found = packed.map((bytes) => readPackedAudio(bytes).tags.map(({ us, title }) => [Math.round(us), title]))
    t.strictSame(found.slice(0, 3), [
      [
        [0, 'One'],
        [Math.round(us(20)), 'Zwölf'],
      ],
      [
        [0, 'Zwölf'],
        [Math.round(us(70 - 44)), ''],
      ],
      [[0, '']],
    ])
    const sound = decodeAac(Buffer.concat(stream.frames.map(({ bytes }) => bytes)))
    t.ok(decodeAac(Buffer.concat(packed)).equals(sound))
  },
)

await t.test('titles of MP3 are at the beginning of segments', async (t) => {
  const stream = framesOf(createMp3, Buffer.concat(mpegFrames(100, 1)))
  const { pack } = await packagingFor(stream)
  const titles = [
    { us: 0, text: 'One' },
    { us: 500_000, text: 'Two' },
  ]
  const packed = cutSegments(stream, 1_000, titles).map((segment) => readPackedAudio(pack(segment)))
  t.strictSame(
    packed.map(({ tags }) => tags.map(({ title }) => title)),
    [['One'], ['Two'], ['Two']],
  )
  t.strictSame(packed.flatMap(({ frames }) => frames).length, 100)
})

await t.test('the same frames make the same bytes, however they arrived', { skip: needs('lame') }, async () => {
  const mp3 = lame('-b', '64')
  const { pack } = await packagingFor(framesOf(createMp3, mp3))
  const bytesOf = (sizes: readonly number[]) =>
    Buffer.concat(cutSegments(framesOf(createMp3, mp3, sizes), 700).map((segment) => pack(segment)))
  const expected = bytesOf([])
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 5 }), (sizes) =>
      bytesOf(sizes).equals(expected),
    ),
    { numRuns: 20 },
  )
})
