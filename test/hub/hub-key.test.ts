import t, { type Test } from 'tap'
import type { CreateFilter } from '../../filters/frame-filter.ts'
import { decodeMessage } from '../../filters/hub/message.ts'
import { endlessWavHeader } from '../../filters/wav/header.ts'
import { ffmpeg, lame } from '../filters/encoded.ts'
import { noise, reservoirFrames } from '../filters/made-up.ts'
import { needs } from '../programs.ts'
import { inPieces, openPublished } from './published.ts'

const ENCODED = [
  {
    filter: 'mp3',
    make: () => lame('-b', '128'),
    key: { contentType: 'audio/mpeg', format: 'audio/mpeg (MPEG-1 Layer III, 44100 Hz, stereo)' },
  },
  {
    filter: 'aac-adts',
    make: () => ffmpeg('-c:a', 'aac', '-f', 'adts'),
    key: { contentType: 'audio/aac', format: /^audio\/aac \(.*44100 Hz, stereo/ },
  },
  {
    filter: 'flac',
    make: () => ffmpeg('-c:a', 'flac', '-f', 'flac'),
    key: { contentType: 'audio/flac', format: /^audio\/flac \(.*44100 Hz/ },
  },
  {
    filter: 'ogg',
    make: () => ffmpeg('-c:a', 'libopus', '-f', 'ogg', '-page_duration', '100000'),
    key: { contentType: 'audio/ogg; codecs=opus', format: /^audio\/ogg; codecs=opus \(Opus/ },
  },
  {
    filter: 'wav',
    make: () => ffmpeg('-c:a', 'pcm_s16le', '-f', 'wav'),
    key: { contentType: 'audio/wav', format: 'audio/wav (16 bit, 44100 Hz, stereo)' },
  },
]

/** Sends 3 s of sound in their time. */
async function play(t: Test, bytes: Buffer, flags: readonly string[]) {
  const published = openPublished(t, { flags })
  for (const piece of inPieces(bytes, Math.ceil(bytes.length / 60))) {
    await published.push(piece)
    await published.clock.advance(50)
  }
  return published
}

for (const { filter, make, key } of ENCODED) {
  t.test(
    `${filter}: a key is in the first message and then every 2 s`,
    { skip: needs('ffmpeg', 'lame') },
    async (t) => {
      const { sent, stream } = await play(t, make(), filter === 'aac-adts' ? ['-frame-filter', 'auto'] : [])
      const keys = sent.filter((message) => message.key !== undefined)
      t.equal(keys.length, 2)
      t.equal(keys[0], sent[0])
      t.ok((keys[1]?.at ?? 0) - (keys[0]?.at ?? 0) >= 2_000)
      t.ok((keys[1]?.at ?? 0) - (keys[0]?.at ?? 0) <= 2_200)
      for (const { seq, key: own } of keys) {
        t.match(own, { filter, ...key, title: '' })
        t.strictSame(own?.preamble, stream.preamble(seq, true, seq))
      }
    },
  )
}

t.test('raw samples are WAV, with a header that has no end', async (t) => {
  const { push, sent, stream } = openPublished(t, { flags: ['-pcm', 's24le:48000:6'] })
  await push(noise(18_000, 1))
  const samples = stream.samples
  t.match(sent[0]?.key, {
    filter: 'wav',
    contentType: 'audio/wav',
    format: 'audio/wav (24 bit, 48000 Hz, 6 channels)',
    preamble: samples && endlessWavHeader(samples),
    header: Buffer.alloc(0),
  })
})

t.test('bytes of an unknown format are raw', async (t) => {
  const { push, sent } = openPublished(t, { flags: ['-frame-filter', 'raw', '-content-type', 'text/plain'] })
  await push(noise(1000, 1))
  t.match(sent[0]?.key, { filter: 'raw', contentType: 'text/plain', preamble: Buffer.alloc(0) })
})

t.test('readers pass on media types of sound, and not those of pages', async (t) => {
  for (const [type, passedOn] of [
    ['text/html', 'application/octet-stream'],
    ['application/oggx', 'application/octet-stream'],
    ['audio/x-own; rate=8000', 'audio/x-own; rate=8000'],
  ] as const) {
    const { push, sent } = openPublished(t, { flags: ['-frame-filter', 'raw', '-content-type', type] })
    await push(noise(1000, 1))
    t.match(decodeMessage(sent[0]?.payload ?? Buffer.alloc(0)), { key: { contentType: passedOn } })
  }
})

t.test('titles of any text are one line in messages', async (t) => {
  const { push, sent, stream } = openPublished(t, { flags: ['-pcm', 's16le:8000:1'] })
  stream.setTitle(`One\nline\u2028${'x'.repeat(5_000)}`)
  await push(noise(640, 1))
  const message = decodeMessage(sent[0]?.payload ?? Buffer.alloc(0))
  t.match(message, { key: { title: /^One line x+$/ }, frames: [{ title: /^One line x+$/ }] })
})

t.test('a header of the user travels with the key, before samples as well', async (t) => {
  const { push, sent } = openPublished(t, { flags: ['-pcm', 's16le:8000:1', '-header-bytes', '10'] })
  await push(noise(1034, 1))
  t.match(sent[0]?.key, { filter: 'raw', header: noise(1034, 1).subarray(0, 10), preamble: Buffer.alloc(0) })
})

/** Frames of 10 bytes of 5 ms; a listener can begin at those whose first byte is 0, with `key` before it. */
const createOwn: CreateFilter = () => ({
  contentType: 'video/own',
  format: 'small pictures',
  skippedBytes: 0,
  push(chunk, emit) {
    for (const bytes of inPieces(chunk, 10)) emit({ bytes, durationUs: 5_000 })
  },
  end() {},
  preamble: (at, ring) => (ring.at(at)?.bytes[0] === 0 ? Buffer.from('key') : null),
})

/** Frames for it: @param at those at which a listener can begin */
function pictures(count: number, at: readonly number[]): Buffer {
  return Buffer.concat(Array.from({ length: count }, (_, i) => Buffer.alloc(10, at.includes(i) ? 0 : 1)))
}

t.test('a message begins where a listener can begin, when a key is due', async (t) => {
  const { push, sent, clock } = openPublished(t, { create: createOwn })
  await push(pictures(5, []))
  await push(pictures(6, [2, 4]))
  await push(pictures(6, [0]))
  await clock.advance(2_000)
  await push(pictures(4, []))
  await push(pictures(4, [3]))
  t.match(
    sent.map(({ seq, frames, key }) => ({ seq, frames: frames.length, key: key !== undefined })),
    [
      { seq: 0, frames: 5, key: false },
      { seq: 5, frames: 2, key: false },
      { seq: 7, frames: 4, key: true },
      { seq: 11, frames: 6, key: false },
      { seq: 17, frames: 4, key: false },
      { seq: 21, frames: 3, key: false },
      { seq: 24, frames: 1, key: true },
    ],
  )
  t.match(sent[2]?.key, { filter: 'raw', contentType: 'video/own', format: 'video/own (small pictures)' })
  t.match(sent[2]?.key?.preamble, Buffer.from('key'))
})

t.test('another format within an opening begins another epoch, with a key', { skip: needs('ffmpeg') }, async (t) => {
  const { push, sent, reopen, frames } = openPublished(t, { flags: ['-frame-filter', 'wav'] })
  const one = ffmpeg('-c:a', 'pcm_s16le', '-f', 'wav').subarray(0, 44 + 20_002)
  await push(Buffer.concat([one, ffmpeg('-c:a', 'pcm_s16le', '-ar', '8000', '-f', 'wav')]))
  await reopen()
  t.equal(new Set(sent.map(({ epoch }) => epoch)).size, 2)
  const second = sent.findIndex(({ epoch }) => epoch !== sent[0]?.epoch)
  t.match(sent[0]?.key?.format, 'audio/wav (16 bit, 44100 Hz, stereo)')
  t.match(sent[second], { us: 0, key: { format: 'audio/wav (16 bit, 8000 Hz, stereo)' } })
  t.equal(
    sent.reduce((sum, message) => sum + message.frames.length, 0),
    frames.length,
  )
})

t.test('titles are with their first frames, and in keys', async (t) => {
  const { push, sent, setTitle, clock, stream } = openPublished(t, { flags: ['-frame-filter', 'mp3'] })
  const frames = reservoirFrames(40, 1)
  const send = (from: number, to: number) => push(Buffer.concat(frames.slice(from, to)))
  await send(0, 5)
  setTitle('One')
  await send(5, 7)
  setTitle('Two')
  await send(7, 15)
  setTitle('')
  await send(15, 20)
  await clock.advance(2_000)
  stream.setTitle('Three')
  await send(20, 40)
  const titles = sent.flatMap(({ seq, frames }) => frames.map(({ title }, at) => ({ seq: seq + at, title })))
  const expected = new Map(stream.titles.all().map(({ from, text }) => [from, text]))
  t.ok(expected.size >= 4)
  t.strictSame(new Map(titles.flatMap(({ seq, title }) => (title === undefined ? [] : [[seq, title]]))), expected)
  const last = sent.findLast(({ key }) => key !== undefined)
  t.equal(last?.key?.title, stream.titles.at(last?.seq ?? 0)?.text)
})

t.test('titles of the source that the stream does not use do not travel', async (t) => {
  const { push, sent, setTitle, stream } = openPublished(t, {
    flags: ['-pcm', 's16le:8000:1', '-title-file', '/dev/null'],
  })
  await push(noise(640, 1))
  setTitle('of the source')
  await push(noise(640, 1))
  stream.setTitle('of the file')
  await push(noise(640, 1))
  t.strictSame(
    sent.flatMap(({ frames }) => frames.flatMap(({ title }) => title ?? [])),
    ['of the file'],
  )
})
