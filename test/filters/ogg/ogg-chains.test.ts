import t from 'tap'
import { createOgg } from '../../../filters/ogg/ogg.ts'
import { beginsStream, pageBytes, serialOf } from '../../../filters/ogg/page.ts'
import { needs } from '../../programs.ts'
import { ffmpeg } from '../encoded.ts'
import { complaints, decoded, encode, framed, framesFrom, joinAt, openings } from './encoded-ogg.ts'
import { opusPages } from './made-up-ogg.ts'

/** Files that are played one after the other, to listeners that stay and to listeners that join. */

const skip = needs('ffmpeg', 'opusenc', 'opusdec', 'oggenc', 'oggdec', 'oggz-validate', 'flac')

/**
 * Input is a pipe, like a live stream; ffmpeg treats a file of several links differently, because it looks at the end first.
 */
const OPUSDEC = ['opusdec', '--quiet', '--force-wav', '-', '-'] as const
/**
 * It prints "hole in data" at every link, even of unmodified files, and loses nothing; so its messages are off and its sound is
 * compared.
 */
const OGGDEC = ['oggdec', '-Q', '-R', '-o', '-', '-'] as const
/** Up to 1.4 it decodes the first link only, and silently skips the rest. */
const FLAC = ['flac', '-s', '-t', '--ogg', '-'] as const
const FFMPEG = ['ffmpeg', '-v', 'warning', '-copyts', '-i', '-', '-af', 'asetpts=N/SR/TB', '-f', 's16le', '-'] as const
const VALIDATE = ['oggz-validate', '@'] as const

const NOTHING = Buffer.alloc(0)

type Program = readonly [string, ...string[]]

const FILES: Readonly<Record<string, { make: (...tags: string[]) => Buffer; decoder: Program; soundBy: Program }>> = {
  'Opus by opusenc': {
    make: () => encode('opusenc', 3, '--max-delay', '100'),
    decoder: OPUSDEC,
    soundBy: ['opusdec', '--quiet', '--no-dither', '-', '-'],
  },
  'Opus by ffmpeg': {
    make: () => ffmpeg('-c:a', 'libopus', '-page_duration', '100000', '-f', 'ogg'),
    decoder: OPUSDEC,
    soundBy: FFMPEG,
  },
  'Vorbis by oggenc': { make: () => encode('oggenc', 3), decoder: OGGDEC, soundBy: OGGDEC },
  'Vorbis by ffmpeg': {
    make: () => ffmpeg('-c:a', 'libvorbis', '-page_duration', '100000', '-f', 'ogg'),
    decoder: OGGDEC,
    soundBy: OGGDEC,
  },
  // With padding, which ffmpeg would take for sound.
  'FLAC by flac': { make: () => encode('flac', 3, '--ogg'), decoder: FLAC, soundBy: FFMPEG },
  'FLAC by ffmpeg': {
    make: () => ffmpeg('-c:a', 'flac', '-page_duration', '100000', '-f', 'ogg'),
    decoder: FLAC,
    soundBy: FFMPEG,
  },
}

/** Serial numbers of all logical streams, in the order in which they begin. */
function serialsIn(bytes: Buffer): number[] {
  const serials: number[] = []
  for (let rest = bytes; rest.length > 0; rest = rest.subarray(pageBytes(rest, 0))) {
    if (beginsStream(rest)) serials.push(serialOf(rest))
  }
  return serials
}

for (const [name, { make, decoder, soundBy }] of Object.entries(FILES)) {
  await t.test(`${name}: makes a chain of a looped file about which no decoder complains`, { skip }, (t) => {
    const file = make()
    const { ring, filter, filters, begins } = openings(createOgg, [file, file, file])
    const all = framesFrom(ring, 0)
    const serials = serialsIn(all)
    t.equal(serials[0], serialsIn(file)[0], 'the first one is as it came')
    t.equal(new Set(serials).size, 3)
    t.equal(new Set(filters.map(({ format }) => format)).size, 1)
    t.ok(begins.every((at) => filter.preamble?.(at, ring, true)?.length === 0))
    for (const program of [decoder, FFMPEG, VALIDATE]) t.equal(complaints(all, ...program), '', program[0])
    const once = decoded(framesFrom(ring, 0, begins[1]), ...soundBy)
    const thrice = decoded(all, ...soundBy)
    t.ok(thrice.subarray(0, once.length - 4096).equals(once.subarray(0, -4096)))
    t.ok(Math.abs(thrice.length - 3 * once.length) < 4096, `${thrice.length} and ${once.length} bytes`)
    t.end()
  })

  await t.test(`${name}: listeners that join before or after the seam get both files`, { skip }, (t) => {
    const file = make()
    const stream = openings(createOgg, [file, file])
    const [, seam = 0] = stream.begins
    for (const at of [seam - 1, seam, seam + 4]) {
      const bytes = joinAt(stream, at) ?? NOTHING
      for (const program of [decoder, FFMPEG, VALIDATE])
        t.equal(complaints(bytes, ...program), '', `${program[0]}, ${at}`)
      t.ok(decoded(bytes, ...FFMPEG).length > 300_000, `${at}`)
    }
    t.end()
  })

  await t.test(`${name}: only oggz-validate reports the missing end of a truncated file`, { skip }, (t) => {
    const file = make()
    const cutShort = file.subarray(0, Math.floor(file.length * 0.9))
    const { ring, begins } = openings(createOgg, [cutShort, file])
    const all = framesFrom(ring, 0)
    t.ok((begins[1] ?? 0) > 3)
    for (const program of [decoder, FFMPEG]) t.equal(complaints(all, ...program), '', program[0])
    t.ok(decoded(all, ...FFMPEG).length > 900_000)
    t.end()
  })
}

await t.test('does the same when one source repeats its links', (t) => {
  const pages = opusPages(3)
  const { ring, filter } = framed(createOgg, Buffer.concat([...pages, ...opusPages(2, 2), ...pages, ...pages]))
  t.strictSame(serialsIn(framesFrom(ring, 0)), [1, 2, 3, 4])
  t.equal(filter.skippedBytes, 0)
  const [last] = serialsIn(filter.preamble?.(ring.next - 1, ring, true) ?? NOTHING)
  t.equal(last, serialOf(ring.at(ring.next - 1)?.bytes ?? Buffer.alloc(27)))
  t.end()
})

await t.test('never reuses a recent serial number for a file that is played hundreds of times', (t) => {
  const file = Buffer.concat(opusPages(1, 0xffffffff))
  const { ring } = openings(createOgg, Array(600).fill(file))
  const serials = serialsIn(framesFrom(ring, 0))
  t.equal(serials.length, 600)
  t.ok(serials.every((serial, i) => !serials.slice(Math.max(0, i - 200), i).includes(serial)))
  t.end()
})

await t.test('emits pages with unused numbers as views of the input', (t) => {
  const bytes = Buffer.concat([...opusPages(3), ...opusPages(3, 2)])
  const { ring } = framed(createOgg, bytes)
  t.ok(Array.from({ length: ring.next }, (_, at) => ring.at(at)?.bytes.buffer === bytes.buffer).every(Boolean))
  t.end()
})

await t.test('drops padding and covers of FLAC, but not comments', { skip }, (t) => {
  const stream = framed(createOgg, encode('flac', 3, '--ogg', '--padding', '100000', '-T', 'TITLE=Song', '-S', '1s'))
  const headers = stream.filter.preamble?.(stream.ring.next - 1, stream.ring, true) ?? NOTHING
  t.ok(headers.length < 300, `${headers.length} bytes`)
  t.ok(headers.includes('TITLE=Song'))
  t.equal(stream.filter.skippedBytes, 0)
  const long = ['-T', `A=${'x'.repeat(100_000)}`, '-T', `B=${'x'.repeat(100_000)}`]
  const tagged = framed(createOgg, encode('flac', 3, '--ogg', ...long))
  for (const { ring, filter } of [stream, tagged]) {
    for (const at of [0, ring.next - 2]) {
      const bytes = joinAt({ ring, filter }, at) ?? NOTHING
      for (const program of [FLAC, FFMPEG, VALIDATE] as Program[])
        t.equal(complaints(bytes, ...program), '', `${program[0]}, ${at}`)
    }
  }
  t.end()
})

await t.test('changes the format where decoders stop: opusdec and oggdec fail, ffmpeg is silent', { skip }, (t) => {
  const formats = {
    'Opus, 48000 Hz, stereo': () => encode('opusenc', 1),
    'Opus, 48000 Hz, mono': () => ffmpeg('-c:a', 'libopus', '-ac', '1', '-f', 'ogg'),
    'Vorbis, 44100 Hz, stereo': () => encode('oggenc', 1),
    'Vorbis, 48000 Hz, stereo': () => ffmpeg('-c:a', 'libvorbis', '-ar', '48000', '-f', 'ogg'),
    'FLAC, 16 bit, 44100 Hz, stereo, blocks of 4096': () => encode('flac', 1, '--ogg'),
    'FLAC, 24 bit, 44100 Hz, stereo, blocks of 4608': () => ffmpeg('-c:a', 'flac', '-sample_fmt', 's32', '-f', 'ogg'),
  }
  for (const [format, make] of Object.entries(formats)) t.equal(framed(createOgg, make()).filter.format, format)
  const [opus, mono] = Object.values(formats).map((make) => make())
  const all = framesFrom(openings(createOgg, [opus ?? NOTHING, mono ?? NOTHING]).ring, 0)
  t.match(complaints(all, ...OPUSDEC), /channel count changed in a chained stream: aborting/)
  t.end()
})
