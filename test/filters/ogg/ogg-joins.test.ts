import t from 'tap'
import { createOgg } from '../../../filters/ogg/ogg.ts'
import { isContinued } from '../../../filters/ogg/page.ts'
import { needs } from '../../programs.ts'
import { ffmpeg } from '../encoded.ts'
import { complaints, decoded, encode, type Framed, framed, framesFrom, joinAt } from './encoded-ogg.ts'

const skip = needs('ffmpeg', 'opusenc', 'oggenc', 'oggz-validate', 'flac')

const OPUSDEC = ['opusdec', '--quiet', '--force-wav', '@', '-']
const OGGDEC = ['oggdec', '-Q', '-o', '-', '@']
const FLAC = ['flac', '-s', '-t', '--ogg', '@']
const FFMPEG = ['ffmpeg', '-v', 'warning', '-i', '@', '-f', 's16le', '-']
const PROGRAMS = { Opus: 'opusenc', Vorbis: 'oggenc', FLAC: 'flac' } as const
const VALIDATE = ['oggz-validate', '@']

/** Encoder of each stream, and further decoders that must not complain about it. */
const STREAMS = new Map<string, { make: () => Buffer; type: string; decoders: readonly string[][]; exact: boolean }>([
  [
    'Opus by opusenc',
    { make: () => encode('opusenc', 6, '--max-delay', '100'), type: 'opus', decoders: [OPUSDEC], exact: false },
  ],
  [
    'Opus by ffmpeg',
    { make: () => ffmpeg('-c:a', 'libopus', '-f', 'ogg'), type: 'opus', decoders: [OPUSDEC], exact: false },
  ],
  ['Vorbis by oggenc', { make: () => encode('oggenc', 6), type: 'vorbis', decoders: [OGGDEC], exact: true }],
  [
    'Vorbis by ffmpeg',
    { make: () => ffmpeg('-c:a', 'libvorbis', '-f', 'ogg'), type: 'vorbis', decoders: [OGGDEC], exact: true },
  ],
  ['FLAC by flac', { make: () => encode('flac', 6, '--ogg'), type: 'flac', decoders: [FLAC], exact: true }],
  ['FLAC by ffmpeg', { make: () => ffmpeg('-c:a', 'flac', '-f', 'ogg'), type: 'flac', decoders: [FLAC], exact: true }],
  [
    'FLAC in packets larger than pages',
    {
      make: () => encode('flac', 6, '--ogg', '--lax', '-l', '0', '-b', '32768'),
      type: 'flac',
      decoders: [FLAC],
      exact: true,
    },
  ],
])

/** Up to `count` frames of sound, spread over the stream. */
function places({ ring, filter }: Framed, count: number): number[] {
  const all = Array.from({ length: ring.next - 2 }, (_, i) => i + 1).filter((at) => filter.preamble?.(at, ring, true))
  return all.filter((_, i) => i % Math.ceil(all.length / count) === 0)
}

for (const [name, { make, type, decoders, exact }] of STREAMS) {
  await t.test(
    `${name}: no decoder complains about a join, and the sound is that of the other listeners`,
    { skip },
    (t) => {
      const stream = framed(createOgg, make())
      t.equal(stream.filter.contentType, `audio/ogg; codecs=${type}`)
      t.equal(stream.filter.skippedBytes, 0)
      t.ok(stream.ring.us > 2.9e6 && stream.ring.us < 6.1e6, `${stream.ring.us} us`)
      const whole = decoded(framesFrom(stream.ring, 0), ...(FFMPEG as [string]))
      for (const at of places(stream, 8)) {
        const bytes = joinAt(stream, at) ?? Buffer.alloc(0)
        for (const [program = '', ...args] of [...decoders, FFMPEG, VALIDATE]) {
          t.equal(complaints(bytes, program, ...args), '', `${program}, frame ${at}`)
        }
        const heard = decoded(bytes, ...(FFMPEG as [string]))
        // Opus predicts, so that its decoder takes a while to converge (80 ms by RFC 7845 4.6).
        if (exact) t.ok(heard.length > 0 && heard.equals(whole.subarray(-heard.length)), `frame ${at}`)
        else t.ok(difference(heard, whole) < 2, `frame ${at}: ${difference(heard, whole)}`)
      }
      t.end()
    },
  )
}

/** Maximum difference between the last samples of both, except for the first half second of `heard`. */
function difference(heard: Buffer, whole: Buffer): number {
  const from = Math.max(0, heard.length - 96_000)
  let most = 0
  for (let at = heard.length - 2; at > heard.length - from; at -= 2) {
    const other = whole.readInt16LE(whole.length - heard.length + at)
    most = Math.max(most, Math.abs(heard.readInt16LE(at) - other))
  }
  return most
}

await t.test('sends the beginning of the packet to a listener that starts within one', { skip }, (t) => {
  const stream = framed(createOgg, encode('flac', 4, '--ogg', '--lax', '-l', '0', '-b', '32768'))
  const { ring } = stream
  const inside = Array.from({ length: ring.next }, (_, at) => at).filter((at) =>
    isContinued(ring.at(at)?.bytes ?? Buffer.alloc(6)),
  )
  t.ok(inside.length > 5)
  const audible = new Set(
    inside.map((at) => decoded(joinAt(stream, at) ?? Buffer.alloc(0), ...(FFMPEG as [string])).length),
  )
  t.ok(audible.size > 3 && !audible.has(0))
  t.end()
})

/** ffmpeg with renumbered time stamps, because it refuses to write samples whose time stamps have a gap. */
const FFMPEG_UNTIMED = ['ffmpeg', '-copyts', ...FFMPEG.slice(1, -3), '-af', 'asetpts=N/SR/TB', ...FFMPEG.slice(-3)]

for (const [name, make, said] of [
  ['Opus', () => encode('opusenc', 6, '--max-delay', '100'), /^Warning: Hole in data\.$/],
  ['Vorbis', () => encode('oggenc', 6), /^$/],
  // From 1.5 on flac says what is missing.
  ['FLAC', () => encode('flac', 6, '--ogg'), /^$|_STATUS_MISSING_FRAME/],
] as const) {
  await t.test(`${name}: a skip is only a hole for decoders`, { skip }, (t) => {
    const stream = framed(createOgg, make())
    const { ring, filter } = stream
    const [from, to] = [Math.floor(ring.next / 3), Math.floor(ring.next / 2)]
    t.equal(filter.preamble?.(to, ring, false, from)?.length, 0)
    const bytes = Buffer.concat([framesFrom(ring, 0, from), framesFrom(ring, to)])
    const [program = '', ...args] = STREAMS.get(`${name} by ${PROGRAMS[name]}`)?.decoders[0] ?? []
    t.match(complaints(bytes, program, ...args), said)
    t.equal(complaints(bytes, ...(FFMPEG_UNTIMED as [string])), '')
    t.equal(complaints(bytes, ...(VALIDATE as [string])), '')
    t.end()
  })
}

await t.test('sends the headers to a listener that skipped the beginning of a link', { skip }, (t) => {
  const [first, second] = [encode('oggenc', 4, '-s', '1'), encode('oggenc', 5, '-s', '2', '-q', '1')]
  const { ring, filter } = framed(createOgg, Buffer.concat([first, second]))
  const begins = framed(createOgg, first).ring.next
  for (const to of [begins, begins + 4, ring.next - 2]) {
    const before = filter.preamble?.(to, ring, false, 5) ?? Buffer.alloc(0)
    t.equal(before.length > 0, to > begins, `${to}`)
    t.strictSame(filter.preamble?.(to, ring, false), before, 'where it is not known what was missed')
    const bytes = Buffer.concat([framesFrom(ring, 0, 5), before, framesFrom(ring, to)])
    t.equal(complaints(bytes, ...(OGGDEC as [string])), '', `oggdec, skip to ${to}`)
    t.equal(complaints(bytes, ...(FFMPEG_UNTIMED as [string])), '', `ffmpeg, skip to ${to}`)
  }
  t.equal(filter.preamble?.(begins + 4, ring, false, begins + 2)?.length, 0)
  t.equal(filter.preamble?.(begins + 1, ring, true), null, 'nobody begins between headers')
  t.end()
})

await t.test('sends all headers of video and sound first, each with its own numbers', { skip }, (t) => {
  const video = ['-f', 'lavfi', '-i', 'testsrc=s=320x240:d=3', '-map', '1', '-map', '0']
  const stream = framed(
    createOgg,
    ffmpeg(...video, '-c:v', 'libtheora', '-g', '5', '-c:a', 'libvorbis', '-page_duration', '100000', '-f', 'ogg'),
  )
  t.equal(stream.filter.contentType, 'application/ogg')
  t.match(stream.filter.description, /^Ogg Theora \+ Vorbis, 44100 Hz, stereo$/)
  for (const at of places(stream, 10)) {
    t.equal(complaints(joinAt(stream, at) ?? Buffer.alloc(0), 'oggz-validate', '@'), '', `frame ${at}`)
  }
  t.end()
})
