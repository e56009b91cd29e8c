import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { createFlac } from '../../../filters/flac/flac.ts'
import type { CreateFilter } from '../../../filters/frame-filter.ts'
import { createOgg } from '../../../filters/ogg/ogg.ts'
import { needs } from '../../programs.ts'
import { ffmpeg } from '../encoded.ts'
import { noise } from '../made-up.ts'
import { encode } from '../ogg/encoded-ogg.ts'
import { comments, opusPages } from '../ogg/made-up-ogg.ts'
import { cut, runFilter } from '../run-filter.ts'

/** Titles of frames, with the indices of the frames. */
function titlesIn(create: CreateFilter, chunks: readonly Buffer[]): [number, string][] {
  const { frames } = runFilter(create, chunks)
  return frames.flatMap(({ title }, i) => (title === undefined ? [] : [[i, title] as [number, string]]))
}

const TAGS = ['-metadata', 'title=Title', '-metadata', 'artist=Artist'] as const

const TAGGED: Readonly<Record<string, [CreateFilter, string, () => Buffer]>> = {
  'Opus by opusenc': [createOgg, 'opusenc', () => encode('opusenc', 1, '--title', 'Title', '--artist', 'Artist')],
  'Vorbis by oggenc': [createOgg, 'oggenc', () => encode('oggenc', 1, '-t', 'Title', '-a', 'Artist')],
  'FLAC in Ogg by flac': [
    createOgg,
    'flac',
    () => encode('flac', 1, '--ogg', '-T', 'title=Title', '-T', 'Artist=Artist'),
  ],
  'FLAC by flac': [createFlac, 'flac', () => encode('flac', 1, '-T', 'title=Title', '-T', 'Artist=Artist')],
  'Opus by ffmpeg': [createOgg, 'ffmpeg', () => ffmpeg('-c:a', 'libopus', ...TAGS, '-f', 'ogg')],
  'Vorbis by ffmpeg': [createOgg, 'ffmpeg', () => ffmpeg('-c:a', 'libvorbis', ...TAGS, '-f', 'ogg')],
  'FLAC in Ogg by ffmpeg': [createOgg, 'ffmpeg', () => ffmpeg('-c:a', 'flac', ...TAGS, '-f', 'ogg')],
  'FLAC by ffmpeg': [createFlac, 'ffmpeg', () => ffmpeg('-c:a', 'flac', ...TAGS, '-f', 'flac')],
}

for (const [name, [create, program, make]] of Object.entries(TAGGED)) {
  await t.test(`${name}: reports the title with the first frame`, { skip: needs(program) }, (t) => {
    const bytes = make()
    t.strictSame(titlesIn(create, [bytes]), [[0, 'Artist - Title']])
    t.strictSame(titlesIn(create, cut(bytes, [7, 300])), [[0, 'Artist - Title']])
    t.end()
  })
}

const tagged = (serial: number, ...fields: string[]) => opusPages(2, serial, 0, comments(...fields))

await t.test('reports the title of each link, and none for a link without a title', (t) => {
  const chain = [tagged(1), tagged(2, 'TITLE=A'), tagged(3, 'TITLE=B'), tagged(4), tagged(5), tagged(6, 'TITLE=B')]
  t.strictSame(titlesIn(createOgg, chain.flat()), [
    [4, 'A'],
    [8, 'B'],
    [12, ''],
    [16, ''],
    [20, 'B'],
  ])
  t.end()
})

await t.test('FLAC after FLAC: each has its title', { skip: needs('flac') }, (t) => {
  const [a, none] = [encode('flac', 1, '-T', 'TITLE=A'), encode('flac', 1)]
  const { length } = runFilter(createFlac, [a]).frames
  t.strictSame(titlesIn(createFlac, [none, a, none]), [
    [length, 'A'],
    [2 * length, ''],
  ])
  t.end()
})

await t.test('loses no frame for a damaged comment header, and does not throw', (t) => {
  const whole = comments('TITLE=A', 'ARTIST=B', 'ARTIST=C')
  const frames = runFilter(createOgg, opusPages(3)).frames.map(({ bytes }) => bytes)
  const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 6 })
  const property = fc.property(damage, fc.nat(whole.length), fc.nat(50), (damage, end, seed) => {
    const broken = Buffer.from(whole)
    for (const [at, value] of damage) broken[at] = value
    const header = Buffer.concat([broken.subarray(0, end), noise(seed, seed)])
    const { frames: found } = runFilter(createOgg, opusPages(3, 1, 0, header))
    deepStrictEqual(found.map(({ bytes }) => bytes).slice(2), frames.slice(2))
  })
  t.doesNotThrow(() => fc.assert(property))
  t.end()
})

await t.test('FLAC: loses no frame for damaged or endless comments', { skip: needs('flac') }, (t) => {
  const bytes = encode('flac', 1, '-T', 'TITLE=A', '--no-padding')
  const { frames } = runFilter(createFlac, [bytes])
  const at = bytes.indexOf('TITLE=A') - 20
  const property = fc.property(fc.nat(26), fc.nat(255), fc.nat(26), fc.nat(255), (i, a, k, b) => {
    const broken = Buffer.from(bytes)
    broken[at + i] = a
    broken[at + k] = b
    deepStrictEqual(
      runFilter(createFlac, [broken]).frames.map((frame) => frame.bytes),
      frames.map((frame) => frame.bytes),
    )
  })
  t.doesNotThrow(() => fc.assert(property))
  const head = Buffer.from([4, 0x08, 0, 0])
  const endless = Buffer.concat([bytes.subarray(0, 42), head, noise(0x80000, 1), bytes.subarray(42)])
  t.equal(runFilter(createFlac, [endless]).frames.length, frames.length)
  t.strictSame(titlesIn(createFlac, [endless]), [[0, 'A']])
  t.end()
})
