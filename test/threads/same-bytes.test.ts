import t from 'tap'
import type { CreateFilter } from '../../filters/frame-filter.ts'
import { listen } from '../client.ts'
import { adtsFrames, reservoirFrames } from '../filters/made-up.ts'
import { comments, opusPages } from '../filters/ogg/made-up-ogg.ts'
import { openProgram } from './program-parts.ts'

/** Frames are lines of text. A listener cannot begin at one that starts with a blank. */
const createLines: CreateFilter = () => ({
  contentType: 'text/plain',
  skippedBytes: 0,
  push: (chunk, emit) => emit({ bytes: chunk, durationUs: 0 }),
  end: () => {},
  preamble: (at, ring, joining) => {
    if (ring.at(at)?.bytes[0] === 0x20) return null
    return Buffer.from(joining ? `(join at ${at})\n` : '(skip)\n')
  },
})

/** Content of a stream. */
interface Content {
  readonly flags: readonly string[]
  readonly createFilter?: CreateFilter
  /** Frame by frame. */
  readonly pieces: readonly Buffer[]
}

const FORMATS: Readonly<Record<string, Content>> = {
  'raw bytes': { flags: ['-frame-filter', 'raw', '-frame-bytes', '4', '-burst', '2s'], pieces: numbered(4, 400) },
  'raw bytes behind a header': {
    flags: ['-frame-filter', 'raw', '-frame-bytes', '4', '-header-bytes', '10'],
    pieces: [Buffer.from('0123456789'), ...numbered(4, 400)],
  },
  'MP3 with a bit reservoir': { flags: ['-frame-filter', 'mp3'], pieces: reservoirFrames(400, 1) },
  AAC: { flags: ['-frame-filter', 'aac-adts'], pieces: adtsFrames(400, 1) },
  'Ogg with its header pages': {
    flags: ['-frame-filter', 'ogg'],
    pieces: opusPages(400, 1, 0, comments('TITLE=One')),
  },
  "a filter of one's own": { flags: [], createFilter: createLines, pieces: lines(400) },
  'what is found out by itself': { flags: [], pieces: reservoirFrames(400, 2) },
}

function numbered(bytes: number, count: number): Buffer[] {
  return Array.from({ length: count }, (_, i) => Buffer.alloc(bytes, `${i.toString(36)}....`))
}

/** Lines that are frames; listeners cannot start at those where the others join. */
function lines(count: number): Buffer[] {
  return Array.from({ length: count }, (_, i) => Buffer.from(i % 10 > 6 ? ` and ${i}\n` : `${i}\n`))
}

for (const [name, { flags, createFilter, pieces }] of Object.entries(FORMATS)) {
  await t.test(`listeners of all threads get the same bytes, to the last one: ${name}`, async (t) => {
    const parts = await openProgram(t, [...flags, '-max-delay', '0', '-reopen=false'], { createFilter })
    const { port: earlyPort } = await parts.start()
    const fromStart = [listen(t, parts.port), listen(t, earlyPort)]
    await parts.logged(/listener connected/, 2)
    const half = pieces.length / 2
    parts.source.give(...pieces.slice(0, half))
    for (const listener of fromStart) await listener.bodyHas(bytesOf(pieces.slice(0, half)) / 2)
    const { port: latePort } = await parts.start()
    const fromMiddle = [parts.port, earlyPort, latePort].map((port) => listen(t, port))
    await parts.logged(/listener connected/, 5)
    for (const listener of fromMiddle) await listener.headCame()
    parts.source.give(...pieces.slice(half))
    parts.source.end()
    t.equal(await parts.stream.finished, undefined)
    for (const listeners of [fromStart, fromMiddle]) {
      const [own = Buffer.alloc(0), ...others] = await Promise.all(listeners.map((listener) => listener.closed))
      t.ok(own.length > bytesOf(pieces.slice(half)) / 2)
      for (const other of others) t.strictSame(other, own)
    }
    await parts.logged(/listener disconnected.*reason=stream ended/, 5)
    t.equal(parts.source.opened, 1)
  })
}

function bytesOf(pieces: readonly Buffer[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0)
}
