import t from 'tap'
import { createAacAdts } from '../../filters/aac/adts.ts'
import { createFlac } from '../../filters/flac/flac.ts'
import type { CreateFilter } from '../../filters/frame-filter.ts'
import { createMp3 } from '../../filters/mpeg/mp3.ts'
import { createOgg } from '../../filters/ogg/ogg.ts'
import { music } from '../filters/encoded.ts'
import { encode } from '../filters/ogg/encoded-ogg.ts'
import { needs, runProgram } from '../programs.ts'
import { openOrigin } from './origin-and-edges.ts'

const skip = needs('lame', 'ffmpeg', 'flac', 'opusenc')
const SECONDS = 8
const PIECES = 80

const FORMATS: ReadonlyMap<string, readonly [create: CreateFilter, make: () => Buffer]> = new Map<
  string,
  readonly [CreateFilter, () => Buffer]
>([
  ['MP3', [createMp3, () => runProgram('lame', ['--quiet', '-r', '-s', '44.1', '-V', '4', '-', '-'], music(SECONDS))]],
  ['AAC', [createAacAdts, () => encodedWith(SECONDS, '-c:a', 'aac', '-f', 'adts')]],
  ['FLAC', [createFlac, () => encode('flac', SECONDS)]],
  ['Opus', [createOgg, () => encode('opusenc', SECONDS, '--max-delay', '100')]],
])

function encodedWith(seconds: number, ...args: readonly string[]): Buffer {
  const input = ['-v', 'error', '-f', 's16le', '-ar', '44100', '-ac', '2', '-i', '-']
  return runProgram('ffmpeg', [...input, ...args, '-'], music(seconds))
}

/** What two playlists have in common, with the bytes of their segments; and whether these lists are one row of segments. */
function common(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>) {
  const both = [...one.keys()].filter((uri) => other.has(uri))
  const of = (all: ReadonlyMap<string, string>) => both.map((uri) => [uri, all.get(uri)])
  return { count: both.length, one: of(one), other: of(other) }
}

/** Number of the last discontinuity. */
function discontinuities(text: string): number {
  const first = Number(/#EXT-X-DISCONTINUITY-SEQUENCE:(\d+)/.exec(text)?.[1])
  return first + (text.match(/#EXT-X-DISCONTINUITY\n/g)?.length ?? 0)
}

for (const [name, [create, make]] of FORMATS) {
  t.test(
    `${name}: an origin and its edges have the same segments, whenever the edges have begun`,
    { skip },
    async (t) => {
      const origin = openOrigin(t, create)
      const bytes = make()
      const piece = Math.ceil(bytes.length / PIECES)
      const part = (from: number, to: number) => bytes.subarray(from * piece, to * piece)
      const first = await origin.openEdge()
      await origin.play(part(0, 25), piece, 100)
      const second = await origin.openEdge()
      await origin.play(part(25, 72), piece, 100)
      t.match(first.segments().size, /[67]/)
      t.strictSame([...first.segments()], [...origin.segments()], 'from the beginning')
      t.equal(first.text(), origin.text())
      const { count, one, other } = common(origin.segments(), second.segments())
      t.ok(count >= 2, `${count} segments`)
      t.equal(count, second.segments().size)
      t.strictSame(other, one, 'from the middle')
      t.equal([...second.segments().keys()].at(-1), [...origin.segments().keys()].at(-1))
      t.notMatch(second.text(), /#EXT-X-DISCONTINUITY\n/, 'a client of another edge goes on')
    },
  )

  t.test(`${name}: an edge that has missed frames goes on with the same segments`, { skip }, async (t) => {
    const origin = openOrigin(t, create)
    const bytes = make()
    const piece = Math.ceil(bytes.length / PIECES)
    const part = (from: number, to: number) => bytes.subarray(from * piece, to * piece)
    const edge = await origin.openEdge()
    await origin.play(part(0, 25), piece, 100)
    origin.leave(edge)
    await origin.play(part(25, 29), piece, 100)
    // The segment that is cut off is listed within that time.
    await origin.again(edge, 1_500)
    t.equal(edge.segments().size, 3)
    await origin.play(part(29, 78), piece, 100)
    const numbers = [...edge.segments().keys()].map((uri) => Number(uri.split(/[/.]/)[1]))
    t.strictSame(
      numbers,
      [...numbers.keys()].map((i) => i + (numbers[0] ?? 0)),
    )
    const { count, one, other } = common(origin.segments(), edge.segments())
    t.ok(count >= 2, `${count} segments`)
    t.strictSame(other, one)
    t.match(edge.stream.refusal, undefined)
    t.equal(discontinuities(edge.text()), discontinuities(origin.text()))
    t.equal([...edge.segments().keys()].at(-1), [...origin.segments().keys()].at(-1))
  })
}

/** Openings of an origin, one after the other, of these durations in seconds. */
const ROWS: readonly (readonly [name: string, create: CreateFilter, make: (seconds: number, i: number) => Buffer])[] = [
  ['MP3 of several bit rates', createMp3, (seconds, i) => encodedWith(seconds, '-b:a', `${64 << i}k`, '-f', 'mp3')],
  ['Opus', createOgg, (seconds) => encode('opusenc', seconds, '--max-delay', '100')],
  ['FLAC', createFlac, (seconds) => encode('flac', seconds)],
]
const OPENINGS = [1.5, 1, 2.2]
const LAST_SECONDS = 4

/** Without dates: after a pause of the source that is longer than segments of a second, they are those of arrivals. */
function undated(text: string): string {
  return text.replaceAll(/#EXT-X-PROGRAM-DATE-TIME:.*\n/g, '')
}

for (const [name, create, make] of ROWS) {
  t.test(`${name}: edges number the segments of later epochs as the origin does`, { skip }, async (t) => {
    const origin = openOrigin(t, create)
    const edge = await origin.openEdge()
    for (const [i, seconds] of OPENINGS.entries()) {
      const file = make(seconds, i)
      await origin.play(file, Math.ceil(file.length / 20), seconds * 50)
      await origin.reopen()
      await edge.reopen()
    }
    const last = make(LAST_SECONDS, 0)
    const piece = Math.ceil(last.length / 50)
    await origin.play(last.subarray(0, 15 * piece), piece, LAST_SECONDS * 20)
    const late = await origin.openEdge()
    await origin.play(last.subarray(15 * piece), piece, LAST_SECONDS * 20)
    t.equal(new Set([...edge.segments().keys()].map((uri) => uri.split('/')[0])).size, OPENINGS.length + 1, 'epochs')
    t.strictSame([...edge.segments()], [...origin.segments()])
    t.equal(undated(edge.text()), undated(origin.text()))
    const { count, one, other } = common(origin.segments(), late.segments())
    t.ok(count > 0)
    t.equal(count, late.segments().size)
    t.strictSame(other, one, 'an edge that has begun in the last epoch')
    t.equal(discontinuities(late.text()), discontinuities(origin.text()))
  })
}
