import t from 'tap'
import { createFrameFile } from '../../../filters/create-frame-file.ts'
import { createOgg } from '../../../filters/ogg/ogg.ts'
import {
  beginsStream,
  endsStream,
  granuleOf,
  pageBytes,
  seal,
  sequenceOf,
  serialOf,
  setGranule,
} from '../../../filters/ogg/page.ts'
import { needs, runProgram } from '../../programs.ts'
import { music } from '../encoded.ts'
import { joined } from '../run-filter.ts'
import { completed, type Frames, fileOf, framesOf, placeOf } from './cut-files.ts'
import { type EncodingName, encodedFrames } from './encodings.ts'
import { play, written } from './players.ts'

const skip = needs('ffmpeg', 'opusdec', 'opusenc', 'oggz-validate')
const ENDS_STREAM = 0x04
const FLAGS_AT = 5

function pagesIn(bytes: Buffer): Buffer[] {
  const pages: Buffer[] = []
  for (let at = 0; at < bytes.length; at += pages.at(-1)?.length ?? bytes.length) {
    pages.push(bytes.subarray(at, at + pageBytes(bytes, at)))
  }
  return pages
}

function bytesOf(frames: Frames, from: number, to: number): Buffer[] {
  return frames.frames.slice(from, to).map((frame) => frame.bytes)
}

/** Opus in pages of 100 ms. */
function shortPages(seconds: number): Frames {
  const args = ['--quiet', '--raw', '--raw-rate', '44100', '--max-delay', '100', '-', '-']
  return framesOf(createOgg, runProgram('opusenc', args, music(seconds)))
}

for (const name of ['opus', 'vorbis', 'ogg flac'] satisfies EncodingName[]) {
  t.test(`pages and positions of a file of ${name} are its own`, { skip }, async (t) => {
    const frames = encodedFrames(name, 10)
    const { bytes, extension } = fileOf(frames, 5, 9)
    const pages = pagesIn(bytes)
    t.same(
      pages.map(sequenceOf),
      pages.map((_, i) => i),
    )
    const granules = pages.flatMap((page) => granuleOf(page) ?? [])
    t.same(
      granules,
      granules.toSorted((a, b) => a - b),
    )
    t.ok((granules.at(-1) ?? Number.POSITIVE_INFINITY) < 10 * 48_000)
    t.same(
      pages.map(beginsStream),
      pages.map((_, i) => i === 0),
    )
    t.same(
      pages.map(endsStream),
      pages.map((_, i) => i === pages.length - 1),
    )
    runProgram('oggz-validate', [written(t.testdir(), `a${extension}`, bytes)])
  })
}

t.test('pages have numbers and positions without a hole behind pages that were missed', { skip }, async (t) => {
  const frames = shortPages(10)
  const file = createFrameFile(placeOf(frames, 20))
  if (file === undefined) throw new Error('no file')
  const parts = [file.head, ...file.add(bytesOf(frames, 20, 40))]
  parts.push(file.rejoin(placeOf(frames, 60), 40) ?? Buffer.alloc(0), ...file.add(bytesOf(frames, 60, 80)))
  const pages = pagesIn(completed(Buffer.concat(parts), file))
  t.same(
    pages.map(sequenceOf),
    pages.map((_, i) => i),
  )
  const path = written(t.testdir(), 'a.opus', Buffer.concat(pages))
  t.equal(play('opusdec', path).length, 40 * 4800 * 4)
  t.equal(play('ffmpeg', path).length, 40 * 4800 * 4)
})

t.test('positions begin at 0 when those of the source begin anywhere', { skip }, async (t) => {
  const all = pagesIn(joined(shortPages(6).frames)).map((page, i) => {
    const copy = Buffer.from(page)
    if (i >= 2) setGranule(copy, (granuleOf(page) ?? 0) + 1e10)
    seal(copy)
    return copy
  })
  // The source was joined in the middle.
  const frames = framesOf(createOgg, Buffer.concat([...all.slice(0, 2), ...all.slice(20, 50)]))
  const { bytes } = fileOf(frames, 0, frames.frames.length)
  t.equal(granuleOf(pagesIn(bytes).at(-1) ?? bytes), 30 * 4800)
})

t.test('each link of a chain is in a file as it is', { skip }, async (t) => {
  const [one, two] = [shortPages(3), shortPages(2)]
  const frames = framesOf(createOgg, Buffer.concat([joined(one.frames), joined(two.frames)]))
  const { bytes } = fileOf(frames, 10, frames.frames.length)
  const folder = t.testdir()
  const path = written(folder, 'a.opus', bytes)
  runProgram('oggz-validate', [path])
  const last = fileOf(one, 10, one.frames.length)
  const alone = play('opusdec', written(folder, 'b.opus', last.bytes))
  t.equal(play('opusdec', path).length, alone.length + 2 * 48_000 * 4)
})

t.test('the last page of a link that was cut short is marked when the next one begins', { skip }, async (t) => {
  const [one, two] = [shortPages(3), shortPages(2)]
  const cut = joined(one.frames.slice(0, -2))
  const frames = framesOf(createOgg, Buffer.concat([cut, joined(two.frames)]))
  const pages = pagesIn(fileOf(frames, 0, frames.frames.length).bytes)
  const [first] = pages
  const own = pages.filter((page) => first !== undefined && serialOf(page) === serialOf(first))
  t.same(own.map((page) => ((page[FLAGS_AT] ?? 0) & ENDS_STREAM) !== 0).indexOf(true), own.length - 1)
  runProgram('oggz-validate', [written(t.testdir(), 'a.opus', Buffer.concat(pages))])
})

t.test('a file that ends with the headers of a link plays', { skip }, async (t) => {
  const [one, two] = [shortPages(3), shortPages(2)]
  const frames = framesOf(createOgg, Buffer.concat([joined(one.frames), joined(two.frames)]))
  const folder = t.testdir()
  const last = one.frames.length
  for (const to of [last + 1, last + 2]) {
    const { bytes } = fileOf(frames, 10, to)
    const alone = fileOf(frames, 10, last)
    t.ok(bytes.equals(alone.bytes))
    t.ok(play('opusdec', written(folder, 'a.opus', bytes)).length > 0)
  }
  const pages = pagesIn(fileOf(frames, 10, last + 3).bytes)
  t.equal(new Set(pages.map(serialOf)).size, 2, 'they come with the sound')
})

t.test('each logical stream of a file has its own numbers and its own end', { skip }, async (t) => {
  const input = ['-v', 'error', '-f', 's16le', '-ar', '44100', '-ac', '2', '-i', '-', '-map', '0', '-map', '0']
  const two = runProgram('ffmpeg', [...input, '-c:a:0', 'libvorbis', '-c:a:1', 'libopus', '-f', 'ogg', '-'], music(10))
  const frames = framesOf(createOgg, two)
  const { bytes } = fileOf(frames, 14, 19)
  const pages = pagesIn(bytes)
  const serials = [...new Set(pages.map(serialOf))]
  t.equal(serials.length, 2)
  for (const serial of serials) {
    const own = pages.filter((page) => serialOf(page) === serial)
    t.same(
      own.map(sequenceOf),
      own.map((_, i) => i),
    )
    t.same(
      own.map(endsStream),
      own.map((_, i) => i === own.length - 1),
    )
  }
})

t.test('halves of two packets are not joined', { skip }, async (t) => {
  const frames = encodedFrames('ogg flac', 10)
  const open = frames.frames.findIndex(({ bytes }, i) => i > 3 && bytes[pageHead(bytes) - 1] === 255)
  const file = createFrameFile(placeOf(frames, open))
  if (file === undefined) throw new Error('no file')
  const first = [file.head, ...file.add(bytesOf(frames, open, open + 1))]
  const before = pagesIn(Buffer.concat(first)).length
  // The beginning of its first packet was missed.
  const [next = Buffer.alloc(0)] = file.add(bytesOf(frames, open + 2, open + 3))
  t.equal(sequenceOf(next), before + 1)
})

function pageHead(page: Buffer): number {
  return 27 + (page[26] ?? 0)
}
