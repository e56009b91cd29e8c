import t from 'tap'
import { createFlac } from '../../../filters/flac/flac.ts'
import { needs } from '../../programs.ts'
import { ffmpeg } from '../encoded.ts'
import { complaints, decoded, encode, framed, framesFrom, joinAt, openings } from '../ogg/encoded-ogg.ts'

/** Files that are played one after the other, to listeners that stay and to listeners that join. */

const skip = needs('flac', 'ffmpeg', 'sox')

const FFMPEG = ['ffmpeg', '-v', 'warning', '-i', '-', '-f', 's16le', '-'] as const
const FLAC = ['flac', '-s', '-d', '-c', '--force-raw-format', '--endian=little', '--sign=signed', '-'] as const
const SOX = ['sox', '-t', 'flac', '-', '-t', 'raw', '-'] as const
const DECODERS: readonly (readonly [string, ...string[]])[] = [FFMPEG, FLAC, SOX]
const NOTHING: Buffer = Buffer.alloc(0)

/** Available encoders never vary their block size, but a filter that joins files does. */
function varying(...files: readonly Buffer[]): Buffer {
  return joinAt(openings(createFlac, files), 0) ?? NOTHING
}

const PAIRS: Readonly<Record<string, () => [Buffer, Buffer]>> = {
  'the same file again': () => {
    const file = encode('flac', 3)
    return [file, file]
  },
  'another one by flac': () => [encode('flac', 3), encode('flac', 2, '-0', '-b', '4096')],
  'files by ffmpeg': () => [ffmpeg('-c:a', 'flac', '-f', 'flac'), ffmpeg('-c:a', 'flac', '-f', 'flac')],
  'files by flac and by ffmpeg, whose blocks are larger': () => [
    encode('flac', 3),
    ffmpeg('-c:a', 'flac', '-f', 'flac'),
  ],
  'files by ffmpeg and by flac, whose blocks are smaller': () => [
    ffmpeg('-c:a', 'flac', '-f', 'flac'),
    encode('flac', 1, '-0'),
  ],
  'a file after one that was cut short': () => {
    const file = encode('flac', 3)
    return [file.subarray(0, -20_000), file]
  },
  'blocks of various sizes': () => {
    const file = varying(encode('flac', 1), encode('flac', 1, '-0'), encode('flac', 1, '-b', '192'))
    return [file, file]
  },
}

for (const [name, make] of Object.entries(PAIRS)) {
  await t.test(`${name}: all listeners get the same sound, and no decoder complains`, { skip }, (t) => {
    const files = make()
    const stream = openings(createFlac, files)
    const { filters } = stream
    const [, seam = 0] = stream.begins
    t.equal(filters[0]?.format, filters[1]?.format)
    const sounds = files.map((file) => decoded(joinAt(framed(createFlac, file), 0) ?? NOTHING, ...FFMPEG))
    // A truncated file is not valid on its own.
    if (!name.includes('cut short'))
      t.strictSame(
        sounds,
        files.map((file) => decoded(file, ...FFMPEG)),
      )
    for (const at of [0, seam - 2, seam + 3]) {
      const bytes = joinAt(stream, at) ?? NOTHING
      for (const decoder of DECODERS) t.equal(complaints(bytes, ...decoder), '', `${decoder[0]}, frame ${at}`)
      const [heard, ...others] = DECODERS.map((decoder) => decoded(bytes, ...decoder))
      t.ok(
        others.every((other) => heard?.equals(other)),
        `frame ${at}`,
      )
      if (at === 0) t.ok(heard?.equals(Buffer.concat(sounds)), 'nothing is missing at the seam, and nothing is added')
    }
    const second = decoded(joinAt(stream, seam) ?? NOTHING, ...FFMPEG)
    t.ok(sounds[1]?.equals(second))
    t.end()
  })
}

await t.test('keeps a last block of a few samples', { skip }, (t) => {
  for (const samples of [1, 15, 16]) {
    const file = encode('flac', (4096 * 3 + samples) / 44_100)
    const joined = varying(file, file)
    t.equal(decoded(joined, ...FFMPEG).length, 2 * (4096 * 3 + samples) * 4)
    for (const decoder of DECODERS) t.equal(complaints(joined, ...decoder), '', `${decoder[0]}, ${samples} samples`)
  }
  t.end()
})

await t.test('changes the format where a decoder cannot continue without a new header', { skip }, (t) => {
  const formats = {
    '16 bit, 44100 Hz, stereo, blocks of up to 4608': encode('flac', 1),
    '24 bit, 44100 Hz, stereo, blocks of up to 4608': ffmpeg('-c:a', 'flac', '-sample_fmt', 's32', '-f', 'flac'),
    '16 bit, 44100 Hz, mono, blocks of up to 4608': ffmpeg('-c:a', 'flac', '-ac', '1', '-f', 'flac'),
    '16 bit, 44100 Hz, stereo, blocks of up to 16384': encode('flac', 1, '--lax', '-b', '8192'),
    '16 bit, 96000 Hz, stereo, blocks of up to 16384': ffmpeg('-c:a', 'flac', '-ar', '96000', '-f', 'flac'),
    '16 bit, 44100 Hz, stereo, blocks of up to 65535': encode('flac', 1, '--lax', '-b', '32768'),
  }
  for (const [format, bytes] of Object.entries(formats)) t.equal(framed(createFlac, bytes).filter.format, format)
  const small = joinAt(framed(createFlac, encode('flac', 1)), 0) ?? NOTHING
  const large = framed(createFlac, encode('flac', 1, '--lax', '-b', '8192'))
  const mixed = Buffer.concat([small, framesFrom(large.ring, 0)])
  t.match(complaints(mixed, ...FFMPEG), /blocksize 8192 > 4608/)
  t.end()
})
