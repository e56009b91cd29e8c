import t, { type Test } from 'tap'
import { createHubFilter } from '../../filters/hub/hub-filter.ts'
import { FILTERS } from '../../filters/table.ts'
import { createHub } from '../../src/hub/create-hub.ts'
import { streamOptions } from '../../src/program/stream-options.ts'
import { Stream } from '../../src/stream/stream.ts'
import { ffmpeg, lame } from '../filters/encoded.ts'
import { encode } from '../filters/ogg/encoded-ogg.ts'
import { streamPlan } from '../plans.ts'
import { needs } from '../programs.ts'
import type { MemoryLink } from './memory-link.ts'
import { inPieces, openPublished } from './published.ts'

const skip = needs('lame', 'ffmpeg', 'flac', 'opusenc')

/** Three seconds of each format, and the flags of its origin. */
const FORMATS: ReadonlyMap<string, readonly [flags: readonly string[], make: () => Buffer]> = new Map<
  string,
  readonly [readonly string[], () => Buffer]
>([
  ['MP3', [[], () => lame('-V', '4')]],
  ['AAC', [['-frame-filter', 'aac-adts'], () => ffmpeg('-c:a', 'aac', '-f', 'adts')]],
  ['FLAC', [[], () => encode('flac', 3)]],
  ['Opus in Ogg', [[], () => encode('opusenc', 3, '--max-delay', '60')]],
  ['WAV', [[], () => ffmpeg('-c:a', 'pcm_s24le', '-f', 'wav')]],
])

/** Pieces of the sound, and their duration in milliseconds. */
const PIECES = 60
const PIECE_MS = 50

type Published = ReturnType<typeof openPublished>

/** An edge that reads the stream from the hub. */
function openEdge(t: Test, { hub, clock, wallClock, log }: Published) {
  const link: MemoryLink = hub.connect({ delayMs: 1 })
  const own = createHub(link, { origin: 'edge', clock, log: log.logger, wallClock })
  const source = own.source({ kind: 'hub', name: 'radio', relay: undefined })
  const plan = { ...streamPlan('-path', '/dev/null'), path: '/radio' }
  const auto = FILTERS.get('auto')
  if (auto === undefined) throw new Error('auto is not a filter')
  const stream = new Stream(plan, source, streamOptions(plan, createHubFilter(auto), source), clock, log.logger)
  stream.hold()
  t.teardown(async () => {
    await stream.stop('the test is over')
    await own.close()
  })
  return { link, stream, read: () => own.read('radio') }
}

/** Plays sound at an origin, in its time. */
async function play(published: Published, bytes: Buffer, from = 0, to = PIECES): Promise<void> {
  for (const piece of inPieces(bytes, Math.ceil(bytes.length / PIECES)).slice(from, to)) {
    await published.push(piece)
    await published.clock.advance(PIECE_MS)
  }
}

/** What listeners receive that begin at a frame, and stay. */
function heardFrom(stream: Stream, seq: number): string {
  const before = stream.epochs.at(seq)?.preamble(seq, stream.ring, true, seq)
  const frames = Array.from(
    { length: stream.ring.next - seq },
    (_, i) => stream.ring.at(seq + i)?.bytes ?? Buffer.alloc(0),
  )
  return before ? Buffer.concat([stream.header, before, ...frames]).toString('base64') : 'nothing'
}

function framesOf({ ring, titles }: Stream, from = ring.first) {
  return Array.from({ length: ring.next - from }, (_, i) => {
    const { bytes, durationUs } = ring.at(from + i) ?? { bytes: Buffer.alloc(0), durationUs: 0 }
    return { bytes: bytes.toString('base64'), durationUs, title: titles.at(from + i)?.text }
  })
}

for (const [name, [flags, make]] of FORMATS) {
  t.test(`${name}: listeners of an edge receive the bytes of the origin, wherever they begin`, { skip }, async (t) => {
    const published = openPublished(t, { flags })
    const { stream: edge } = openEdge(t, published)
    published.setTitle('First')
    const bytes = make()
    await play(published, bytes, 0, 30)
    published.setTitle('Second')
    await play(published, bytes, 30)
    await published.clock.advance(200)
    const { stream } = published
    t.ok(stream.ring.next > 25, `${stream.ring.next} frames`)
    t.strictSame(framesOf(edge), framesOf(stream))
    for (let seq = 0; seq < stream.ring.next; seq += 7) t.equal(heardFrom(edge, seq), heardFrom(stream, seq))
    t.equal(edge.formatName, stream.formatName)
    t.equal(edge.contentType, stream.contentType)
    t.equal(edge.epochs.newest?.mark?.id, stream.epochs.newest?.mark?.id)
  })

  t.test(`${name}: messages that are lost on the way are received again`, { skip }, async (t) => {
    const published = openPublished(t, { flags })
    const { stream: edge, link, read } = openEdge(t, published)
    const bytes = make()
    await play(published, bytes, 0, 10)
    for (const from of [10, 25, 40]) {
      let isFirst = true
      link.drops = ({ subject }) => subject.startsWith('ss.a.') && isFirst && !(isFirst = false)
      await play(published, bytes, from, from === 40 ? PIECES : from + 15)
    }
    await published.clock.advance(500)
    t.strictSame(framesOf(edge), framesOf(published.stream))
    t.ok((read()?.counters.refilled ?? 0) >= 3)
    t.equal(read()?.counters.lost, 0)
  })

  t.test(`${name}: an edge that begins in the middle has the frames from there on`, { skip }, async (t) => {
    const published = openPublished(t, { flags })
    const bytes = make()
    await play(published, bytes, 0, 50)
    // Nothing is kept from now on, and what was sent is too old to be sent again.
    published.hub.stop()
    await published.clock.advance(4_000)
    published.hub.start()
    await play(published, bytes, 50, 51)
    const { stream: edge } = openEdge(t, published)
    await play(published, bytes, 51)
    await published.clock.advance(500)
    const { stream } = published
    const own = framesOf(edge)
    const extra = edge.epochs.newest?.mark?.extra ?? 0
    t.ok(own.length > 3 && own.length < stream.ring.next)
    t.strictSame(own.slice(extra), framesOf(stream).slice(extra - own.length))
    const middle = edge.ring.next - 3
    t.equal(heardFrom(edge, middle), heardFrom(stream, stream.ring.next - 3))
  })
}

t.test('raw samples are heard as WAV', { skip }, async (t) => {
  const published = openPublished(t, { flags: ['-pcm', 'cd', '-frame-bytes', '1764'] })
  const { stream: edge } = openEdge(t, published)
  const bytes = ffmpeg('-f', 's16le').subarray(0, 1764 * 300)
  await play(published, bytes)
  await published.clock.advance(500)
  t.strictSame(framesOf(edge), framesOf(published.stream))
  t.equal(edge.formatName, 'audio/wav (16 bit, 44100 Hz, stereo)')
  t.strictSame(edge.samples, published.stream.samples)
  t.ok(Buffer.from(heardFrom(edge, 10), 'base64').toString('latin1').startsWith('RIFF'))
})

t.test('a source that is opened again is another opening of the edge, with the same frames', { skip }, async (t) => {
  for (const name of ['MP3', 'FLAC', 'Opus in Ogg'] as const) {
    const [flags, make] = FORMATS.get(name) ?? [[], () => Buffer.alloc(0)]
    const published = openPublished(t, { flags })
    const { stream: edge } = openEdge(t, published)
    const bytes = make()
    await play(published, bytes, 0, 30)
    await published.reopen()
    await play(published, bytes, 0, 30)
    await published.clock.advance(500)
    const { stream } = published
    t.strictSame(framesOf(edge), framesOf(stream), name)
    t.equal(edge.epochs.all().length, 2)
    t.match(
      edge.epochs.all().map(({ mark }) => mark),
      stream.epochs.all().map(({ mark }) => mark),
    )
    t.equal(edge.joinFrom, stream.joinFrom)
  }
})

t.test('a hub that is away for a second is no loss', { skip }, async (t) => {
  const published = openPublished(t)
  const { stream: edge, read } = openEdge(t, published)
  const bytes = lame('-b', '128')
  await play(published, bytes, 0, 20)
  published.hub.stop()
  await play(published, bytes, 20, 40)
  published.hub.start()
  await play(published, bytes, 40)
  await published.clock.advance(500)
  t.strictSame(framesOf(edge), framesOf(published.stream))
  t.equal(read()?.counters.lost, 0)
})

for (const name of ['MP3', 'AAC', 'FLAC', 'Opus in Ogg', 'WAV']) {
  t.test(`${name}: the files of a list follow one another at an edge as they do at the origin`, { skip }, async (t) => {
    const [flags, make] = FORMATS.get(name) ?? [[], () => Buffer.alloc(0)]
    const published = openPublished(t, { flags, isList: true })
    const { stream: edge, read } = openEdge(t, published)
    const bytes = make()
    for (let file = 0; file < 3; file++) {
      await published.push(bytes)
      await published.reopen()
    }
    await published.clock.advance(1_000)
    t.ok(published.stream.timeline.us > 8.9e6)
    t.strictSame(framesOf(edge), framesOf(published.stream))
    // Links of Ogg are epochs of their own, each an opening of the edge.
    if (name !== 'Opus in Ogg') t.equal(edge.epochs.all().length, 1)
    t.equal(read()?.counters.lost, 0)
  })
}
