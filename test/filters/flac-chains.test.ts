import t from 'tap'
import { createFlac } from '../../filters/flac.ts'
import { readFlacHeader } from '../../filters/flac-header.ts'
import { withNumber } from '../../filters/flac-number.ts'
import { readStreamInfo } from '../../filters/flac-streaminfo.ts'
import { needs } from '../programs.ts'
import { ffmpeg } from './encoded.ts'
import { complaints, decoded, encode, framed, framesFrom, joinAt, openings } from './encoded-ogg.ts'

/** Files that are played one after the other, to people who stay and to people who join. */

const skip = needs('flac', 'ffmpeg', 'sox')

const FFMPEG = ['ffmpeg', '-v', 'warning', '-i', '-', '-f', 's16le', '-'] as const
const FLAC = ['flac', '-s', '-d', '-c', '--force-raw-format', '--endian=little', '--sign=signed', '-'] as const
const SOX = ['sox', '-t', 'flac', '-', '-t', 'raw', '-'] as const
const DECODERS: readonly (readonly [string, ...string[]])[] = [FFMPEG, FLAC, SOX]
const NOTHING: Buffer = Buffer.alloc(0)

/** No encoder at hand varies its blocks: fixed ones are numbered by their samples, and the first one is half a block. */
function varying(bytes: Buffer): Buffer {
  const info = readStreamInfo(bytes, 8)
  const { ring } = framed(createFlac, bytes)
  const head = bytes.subarray(0, bytes.length - framesFrom(ring, 0).length)
  head.writeUInt16BE(16, 8)
  const frames = Array.from({ length: ring.next }, (_, at) => {
    const frame = Buffer.from(ring.at(at)?.bytes ?? Buffer.alloc(16))
    const header = readFlacHeader(frame, 0, info)
    if (header === undefined) throw new Error('no header')
    frame[1] = 0xf9
    // The number changes in any case, so that the checks are made anew.
    return withNumber(frame, { ...header, number: -1 }, header.number * info.maxBlock)
  })
  return Buffer.concat([head, ...frames])
}

const PAIRS: Readonly<Record<string, () => [Buffer, Buffer]>> = {
  'the same file again': () => {
    const file = encode('flac', 3)
    return [file, file]
  },
  'another one by flac': () => [encode('flac', 3), encode('flac', 2, '-0', '-b', '4096')],
  'files by ffmpeg': () => [ffmpeg('-c:a', 'flac', '-f', 'flac'), ffmpeg('-c:a', 'flac', '-f', 'flac')],
  'a file after one that was cut short': () => {
    const file = encode('flac', 3)
    return [file.subarray(0, -20_000), file]
  },
  'blocks of various sizes': () => {
    const file = varying(encode('flac', 3))
    return [file, file]
  },
}

for (const [name, make] of Object.entries(PAIRS)) {
  await t.test(`${name}: no decoder has a word to say, and all hear the same`, { skip }, (t) => {
    const files = make()
    const stream = openings(createFlac, files)
    const { ring, filters } = stream
    const [, seam = 0] = stream.begins
    t.equal(filters[0]?.format, filters[1]?.format)
    const sounds = files.map((file) => decoded(joinAt(framed(createFlac, file), 0) ?? NOTHING, ...FFMPEG))
    for (const at of [0, seam - 2, seam + 3]) {
      const bytes = joinAt(stream, at) ?? NOTHING
      for (const decoder of DECODERS) t.equal(complaints(bytes, ...decoder), '', `${decoder[0]}, frame ${at}`)
      const [heard, ...others] = DECODERS.map((decoder) => decoded(bytes, ...decoder))
      t.ok(
        others.every((other) => heard?.equals(other)),
        `frame ${at}`,
      )
      if (at === 0) t.equal(heard?.length, Math.round((ring.us * 44_100) / 1e6) * 4)
    }
    const second = decoded(joinAt(stream, seam) ?? NOTHING, ...FFMPEG)
    t.ok(sounds[1]?.subarray(0, second.length).equals(second))
    t.end()
  })
}

await t.test('what is cut off the end of a file is less than a block', { skip }, (t) => {
  const file = encode('flac', 3)
  const { ring, filter } = openings(createFlac, [file, file])
  t.equal(Math.round((ring.us * 44_100) / 1e6), 2 * Math.floor((3 * 44_100) / 4096) * 4096)
  t.ok(filter.skippedBytes > 0)
  t.end()
})

await t.test('the first opening goes out as it came, in memory too', { skip }, (t) => {
  const file = encode('flac', 3)
  const { ring, begins } = openings(createFlac, [file, file])
  const isView = Array.from({ length: ring.next }, (_, at) => ring.at(at)?.bytes.buffer === file.buffer)
  t.strictSame(
    isView,
    Array.from({ length: ring.next }, (_, at) => at < (begins[1] ?? 0)),
  )
  t.end()
})

await t.test('a format is what a decoder cannot go on without', { skip }, (t) => {
  const formats = {
    '16 bit, 44100 Hz, stereo, blocks of 4096': encode('flac', 1),
    '16 bit, 44100 Hz, stereo, blocks of 1152': encode('flac', 1, '-0'),
    '24 bit, 44100 Hz, stereo, blocks of 4608': ffmpeg('-c:a', 'flac', '-sample_fmt', 's32', '-f', 'flac'),
    '16 bit, 44100 Hz, mono, blocks of 4608': ffmpeg('-c:a', 'flac', '-ac', '1', '-f', 'flac'),
    '16 bit, 44100 Hz, stereo, blocks of 16 to 4096': varying(encode('flac', 1)),
  }
  for (const [format, bytes] of Object.entries(formats)) t.equal(framed(createFlac, bytes).filter.format, format)
  const [large = NOTHING, small = NOTHING] = Object.values(formats)
  const begun = joinAt(openings(createFlac, [small]), 0) ?? NOTHING
  const mixed = Buffer.concat([begun, framesFrom(openings(createFlac, [large]).ring, 0)])
  t.match(complaints(mixed, ...FFMPEG), /blocksize 4096 > 1152/)
  t.end()
})
