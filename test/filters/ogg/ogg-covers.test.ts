import fc from 'fast-check'
import t from 'tap'
import { createOgg } from '../../../filters/ogg/ogg.ts'
import { packetsIn } from '../../../filters/ogg/packets.ts'
import { isIntact, sequenceOf } from '../../../filters/ogg/page.ts'
import { leanComments } from '../../../filters/titles/lean-comments.ts'
import { titleOfComments } from '../../../filters/titles/vorbis-comment.ts'
import { needs } from '../../programs.ts'
import { ffmpeg } from '../encoded.ts'
import { noise } from '../made-up.ts'
import { cut, joined, runFilter } from '../run-filter.ts'
import { complaints, decoded, encode, framed, framesFrom, joinAt } from './encoded-ogg.ts'
import { comments, opusPages } from './made-up-ogg.ts'

/** A cover of 80 kB in base64, as comments contain it; the longest that fits into one argument of a command line. */
const COVER = `METADATA_BLOCK_PICTURE=${noise(60_000, 1).toString('base64')}`
const FIELDS = ['TITLE=Song', COVER, 'ARTIST=One', 'ALBUM=Best of', 'comment=any']
const WANTED = comments(...FIELDS.filter((field) => field !== COVER))
/**
 * Bytes that a new listener of a stream at 32 kbit/s can receive in a quarter of a second. Vorbis has 4 kB of other headers.
 */
const FEW_BYTES = 8192

const skip = needs('ffmpeg', 'opusenc', 'opusdec', 'oggenc', 'oggdec', 'flac', 'mpv', 'oggz-validate')
const FFMPEG = ['ffmpeg', '-v', 'warning', '-i', '@', '-f', 's16le', '-'] as const
const MPV = ['mpv', '--no-config', '--msg-level=all=warn', '--no-video', '--ao=null', '--untimed', '@'] as const
const VALIDATE = ['oggz-validate', '@']

function words(flag: string): string[] {
  return FIELDS.flatMap((field) => [flag, field])
}

const streams = new Map<string, { make: () => Buffer; decoder: readonly string[] }>([
  [
    'Opus by opusenc',
    {
      make: () => encode('opusenc', 3, '--bitrate', '32', ...words('--comment')),
      decoder: ['opusdec', '--quiet', '@', '-'],
    },
  ],
  [
    'Opus by ffmpeg',
    {
      make: () => ffmpeg('-c:a', 'libopus', ...words('-metadata'), '-f', 'ogg'),
      decoder: ['opusdec', '--quiet', '@', '-'],
    },
  ],
  ['Vorbis by oggenc', { make: () => encode('oggenc', 3, ...words('-c')), decoder: ['oggdec', '-Q', '-o', '-', '@'] }],
  [
    'FLAC by flac',
    { make: () => encode('flac', 3, '--ogg', ...words('-T')), decoder: ['flac', '-s', '-t', '--ogg', '@'] },
  ],
])

for (const [name, { make, decoder }] of streams) {
  await t.test(`${name}: sends the cover to no listener, and no decoder complains`, { skip }, (t) => {
    const original = make()
    t.ok(original.length > COVER.length)
    const stream = framed(createOgg, original)
    const whole = framesFrom(stream.ring, 0)
    t.equal(stream.ring.at(0)?.title, 'One - Song')
    t.ok(whole.length < original.length - COVER.length)
    const preamble = stream.filter.preamble?.(stream.ring.next - 1, stream.ring, true)
    t.ok(preamble && preamble.length > 0 && preamble.length < FEW_BYTES, `${preamble?.length} bytes`)
    t.ok(preamble?.includes('ALBUM=Best of'))
    const join = joinAt(stream, Math.floor(stream.ring.next / 2)) ?? noise(1, 1)
    for (const [program = '', ...args] of [decoder, FFMPEG, VALIDATE]) {
      for (const bytes of [whole, join]) t.equal(complaints(bytes, program, ...args), '', program)
    }
    t.equal(complaints(whole, ...MPV), '', 'mpv')
    t.ok(decoded(whole, ...FFMPEG).equals(decoded(original, 'ffmpeg', '-v', 'fatal', ...FFMPEG.slice(3))))
    t.end()
  })
}

await t.test('renumbers the pages up to the first one of sound, which is unchanged', (t) => {
  const pages = opusPages(3, 1, 0, comments(...FIELDS.slice(0, 1), 'COVERART=abc', 'ARTIST=One'))
  for (const sizes of [[100_000], [1], [500]]) {
    const { frames, skippedBytes } = runFilter(createOgg, cut(Buffer.concat(pages), sizes))
    t.strictSame(
      frames.map(({ bytes }) => sequenceOf(bytes)),
      [0, 1, 2, 3, 4],
    )
    t.ok(frames.every(({ bytes }) => isIntact(bytes, 0, bytes.length)))
    t.ok(joined(frames.slice(2)).equals(Buffer.concat(pages.slice(2))))
    const [, tags] = packetsIn(frames.slice(0, 2).map(({ bytes }) => bytes))
    t.strictSame(tags, Buffer.concat([Buffer.from('OpusTags'), comments('TITLE=Song', 'ARTIST=One')]))
    t.equal(skippedBytes, 0)
  }
  t.end()
})

await t.test('keeps the comments that players show, and a few kilobytes of the rest', (t) => {
  t.strictSame(leanComments(comments(...FIELDS)), WANTED)
  t.equal(leanComments(WANTED), undefined, 'nothing has to be left out')
  const many = Array.from({ length: 900 }, (_, i) => `FIELD${i}=${'x'.repeat(40)}`)
  const lyrics = `LYRICS=${'la '.repeat(5000)}`
  const lean = leanComments(comments(lyrics, ...many, 'TITLE=Song', 'replaygain_track_gain=-3 dB', 'artist=One'))
  t.equal(lean && titleOfComments(lean), 'One - Song')
  t.ok(lean?.includes('replaygain_track_gain=-3 dB') && !lean.includes('LYRICS'))
  t.ok(lean && lean.length > 3000 && lean.length < 5000)
  const padded = Buffer.concat([WANTED, Buffer.alloc(100_000)])
  t.strictSame(leanComments(padded), WANTED)
  t.end()
})

await t.test('makes whole comments of any bytes, and never throws', (t) => {
  const field = fc.constantFrom(...FIELDS, 'x', '', `TITLE=${'y'.repeat(9000)}`)
  const property = fc.property(fc.array(field, { maxLength: 6 }), fc.nat(200), fc.nat(255), (fields, at, value) => {
    const bytes = Buffer.concat([comments(...fields), Buffer.alloc(5000)])
    bytes[at % bytes.length] = value
    const lean = leanComments(bytes)
    return lean !== undefined && lean.length < 6000 && leanComments(lean) === undefined
  })
  t.doesNotThrow(() => fc.assert(property, { numRuns: 300 }))
  t.end()
})
