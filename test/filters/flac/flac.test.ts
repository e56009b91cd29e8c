import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { createAuto } from '../../../filters/auto/auto.ts'
import { createFlac } from '../../../filters/flac/flac.ts'
import { headerOfFrame } from '../../../filters/flac/header.ts'
import { flacNumbering } from '../../../filters/flac/number.ts'
import { needs } from '../../programs.ts'
import { ffmpeg } from '../encoded.ts'
import { id3v2, noise } from '../made-up.ts'
import { complaints, decoded, encode, framed, joinAt } from '../ogg/encoded-ogg.ts'
import { cut, DEFAULTS, joined, runFilter, summary } from '../run-filter.ts'

const skip = needs('flac', 'ffmpeg')
const FFMPEG = ['ffmpeg', '-v', 'warning', '-i', '@', '-f', 's16le', '-'] as const

/** Content of a frame without its header and checksums. */
function soundOf(frame: Buffer): string {
  return frame.toString('latin1', headerOfFrame(frame)?.bytes ?? 0, frame.length - 2).slice(1)
}

const STREAMS = new Map<string, () => Buffer>([
  ['flac', () => encode('flac', 3)],
  ['flac -0', () => encode('flac', 3, '-0')],
  ['flac without prediction', () => encode('flac', 3, '--lax', '-l', '0', '-b', '32768')],
  ['ffmpeg', () => ffmpeg('-c:a', 'flac', '-f', 'flac')],
  ['ffmpeg, 24 bit, 96 kHz', () => ffmpeg('-c:a', 'flac', '-ar', '96000', '-sample_fmt', 's32', '-f', 'flac')],
  ['ffmpeg, 8 kHz, 5.1', () => ffmpeg('-c:a', 'flac', '-ar', '8000', '-ac', '6', '-f', 'flac')],
  ['ffmpeg, an odd rate', () => ffmpeg('-c:a', 'flac', '-ar', '12340', '-ac', '1', '-f', 'flac')],
])

for (const [name, make] of STREAMS) {
  await t.test(`${name}: new listeners get the same sound as the others, and no decoder complains`, { skip }, (t) => {
    const bytes = make()
    const stream = framed(createFlac, bytes)
    const { ring, filter } = stream
    t.equal(filter.skippedBytes, 0)
    t.ok(Math.abs(ring.us - 3e6) < 1, `${ring.us} us`)
    const whole = decoded(bytes, ...FFMPEG)
    t.ok(decoded(joinAt(stream, 0) ?? Buffer.alloc(0), ...FFMPEG).equals(whole), 'all samples')
    for (const at of [0, 1, 2, 7, ring.next >> 1, ring.next - 1].filter((at) => at < ring.next)) {
      const joinedAt = joinAt(stream, at) ?? Buffer.alloc(0)
      const heard = decoded(joinedAt, ...FFMPEG)
      t.ok(heard.length > 0 && heard.equals(whole.subarray(-heard.length)), `frame ${at}`)
      t.equal(complaints(joinedAt, ...FFMPEG), '', `ffmpeg, frame ${at}`)
      t.equal(complaints(joinedAt, 'flac', '-s', '-t', '@'), '', `flac, frame ${at}`)
    }
    t.equal(filter.preamble?.(2, ring, false)?.length, 0, 'nothing at a skip')
    t.end()
  })
}

if (skip === false) {
  // About a second of whole blocks, so that the last one is not short.
  const bytes = encode('flac', (38 * 1152) / 44_100, '-0')
  const frames = runFilter(createFlac, [bytes]).frames.map((frame) => frame.bytes)
  const sound = new Set(frames.map(soundOf))
  const start = bytes.subarray(0, bytes.indexOf('fff8', 'hex'))

  await t.test('describes the format, which auto finds behind a tag too', (t) => {
    for (const input of [bytes, Buffer.concat([id3v2(noise(70_000, 1)), bytes])]) {
      const { filter, frames: found } = runFilter(createAuto, cut(input, [1000]))
      t.equal(filter.contentType, 'audio/flac')
      t.equal(filter.description, 'FLAC, 16 bit, 44100 Hz, stereo')
      t.equal(filter.format, '16 bit, 44100 Hz, stereo, blocks of up to 4608')
      t.strictSame(joined(found), Buffer.concat(frames))
    }
    const tagged = runFilter(createFlac, [id3v2(noise(70_000, 1)), bytes])
    t.equal(tagged.skippedBytes, 0)
    t.equal(tagged.frames.length, frames.length)
    t.end()
  })

  await t.test('starts a listener with fLaC and a STREAMINFO without a length, and no other block', (t) => {
    const sought = encode('flac', 3, '-0', '-S', '1s', '-T', 'TITLE=A')
    const { ring, filter } = framed(createFlac, sought)
    const header = filter.preamble?.(7, ring, true) ?? Buffer.alloc(0)
    t.equal(header.length, 42)
    t.equal(header.toString('hex', 0, 12), '664c61438000002200101200', 'blocks of 16 to 4608')
    t.equal(header.toString('hex', 12, 18), '000000000000', 'sizes of frames')
    t.equal(header.toString('hex', 18, 22), '0ac442f0', '44100 Hz, stereo, 16 bit')
    t.equal(header.toString('hex', 22), '00'.repeat(20), 'samples and their MD5')
    t.end()
  })

  await t.test('emits the same frames for any chunks of a broken stream', (t) => {
    const flipped = fc.nat(bytes.length * 8 - 1).map((bit) => {
      const broken = Buffer.from(bytes)
      broken[bit >> 3] = (broken[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      return broken
    })
    const piece = fc.oneof(
      fc.constantFrom(bytes, start, ...frames.slice(0, 3), Buffer.from('fLaC')),
      flipped,
      fc.tuple(fc.nat(3000), fc.nat(50)).map(([length, seed]) => noise(length, seed)),
      fc.tuple(fc.nat(bytes.length), fc.nat(3000)).map(([at, lost]) => {
        return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + lost)])
      }),
    )
    const input = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => Buffer.concat(pieces))
    const sizes = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 5 })
    const property = fc.property(input, sizes, (input, sizes) => {
      const whole = summary(runFilter(createFlac, [input]))
      deepStrictEqual(summary(runFilter(createFlac, cut(input, sizes))), whole)
    })
    t.doesNotThrow(() => fc.assert(property, { numRuns: 60 }))
    const whole = summary(runFilter(createFlac, [bytes]))
    t.strictSame(summary(runFilter(createFlac, cut(bytes, [1]))), whole)
    t.end()
  })

  await t.test('loses the frame with a flipped bit, and at most the one before it', (t) => {
    for (let bit = start.length * 8; bit < bytes.length * 8; bit += 7919) {
      const broken = Buffer.from(bytes)
      broken[bit >> 3] = (broken[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      const found = runFilter(createFlac, [broken])
      const lost = frames.length - found.frames.length
      const known = found.frames.every((frame) => sound.has(soundOf(frame.bytes)))
      if (lost < 1 || lost > 2 || !known) t.fail(`bit ${bit}: ${lost} lost`)
    }
    t.end()
  })

  await t.test('emits the frames before the cut of a truncated stream', (t) => {
    let cuts = 0
    let wrong = 0
    for (let end = 0; end < bytes.length; end += end < 2 * start.length ? 1 : 997) {
      const { frames: found } = runFilter(createFlac, [bytes.subarray(0, end)])
      cuts++
      if (!found.every((frame, i) => frames[i]?.equals(frame.bytes))) wrong++
    }
    // A part of a frame ends in a valid checksum by chance, once in 65,536 times.
    t.ok(wrong <= 2, `${wrong} of ${cuts}`)
    t.end()
  })

  await t.test('continues to the end of a stream whose start is broken anywhere', (t) => {
    const short = bytes.subarray(0, start.length + 20_000)
    for (let at = 0; at < 100; at++) {
      for (const value of [0, 0x7f, 0x80, 0xff]) {
        const broken = Buffer.from(short)
        broken[at] = value
        const { frames: found, skippedBytes } = runFilter(createFlac, [broken])
        if (joined(found).length + skippedBytes > short.length) t.fail(`${value} at ${at}`)
        if (!found.every(({ durationUs }) => Number.isFinite(durationUs))) t.fail(`duration with ${value} at ${at}`)
      }
    }
    t.end()
  })

  await t.test('keeps the short last block of a stream, and continues with the next stream', (t) => {
    for (const keepTail of [true, false]) {
      const short = encode('flac', 1, '-0')
      const { frames: found, skippedBytes } = runFilter(createFlac, [short, bytes], { ...DEFAULTS, keepTail })
      t.equal(found.length, 2 * frames.length + 1)
      t.equal(skippedBytes, 0)
      const numbers = found.map((frame) => flacNumbering.of(frame.bytes))
      t.strictSame(
        numbers.slice(1),
        found.slice(0, -1).map((frame) => flacNumbering.after(frame.bytes)),
      )
      t.equal(numbers[frames.length + 1], 44_100, 'all samples of the first one are there')
    }
    t.end()
  })

  await t.test('keeps the last frame before a tag, at the end and before another stream', (t) => {
    const id3v1 = Buffer.concat([Buffer.from('TAGTitle'), Buffer.alloc(120)])
    const ape = Buffer.concat([Buffer.from('APETAGEX'), Buffer.from([0xd0, 7, 0, 0]), Buffer.alloc(20)])
    const short = encode('flac', 1, '-0')
    const count = runFilter(createFlac, [short]).frames.length
    for (const tag of [id3v1, ape, Buffer.concat([ape, id3v1])]) {
      for (const sizes of [[1_000_000], [700], [1]]) {
        const atEnd = runFilter(createFlac, cut(Buffer.concat([short, tag]), sizes))
        t.equal(atEnd.frames.length, count)
        t.equal(atEnd.skippedBytes, tag.length)
        const between = runFilter(createFlac, cut(Buffer.concat([short, tag, short]), sizes))
        t.equal(between.frames.length, 2 * count)
      }
    }
    t.end()
  })

  await t.test('drops a block that is larger than the decoder expects', (t) => {
    const lie = Buffer.from(encode('flac', 1, '--lax', '-b', '16384'))
    lie.writeUInt16BE(4096, 8)
    lie.writeUInt16BE(4096, 10)
    const { frames: found, filter } = runFilter(createFlac, [lie])
    t.equal(filter.format, '16 bit, 44100 Hz, stereo, blocks of up to 4608')
    // Only the last block is small enough.
    t.ok(found.length <= 1, `${found.length} frames`)
    t.end()
  })

  await t.test('emits all frames of consecutive streams, each with the header of its stream', (t) => {
    const other = ffmpeg('-c:a', 'flac', '-ar', '22050', '-ac', '1', '-f', 'flac')
    const { ring, filter } = framed(createFlac, Buffer.concat([bytes, other]))
    t.equal(ring.next, frames.length + framed(createFlac, other).ring.next)
    t.strictSame(filter.preamble?.(1, ring, true), framed(createFlac, bytes).filter.preamble?.(1, ring, true))
    t.notSame(filter.preamble?.(frames.length, ring, true), filter.preamble?.(1, ring, true))
    t.end()
  })

  await t.test('drops frames above -frame-bytes and frames without a header, with a message', (t) => {
    const small = runFilter(createFlac, [bytes], { ...DEFAULTS, frameBytes: 1000 })
    t.ok(small.frames.every((frame) => frame.bytes.length <= 1000))
    t.equal(small.filter.complaint, 'a frame is larger than -frame-bytes 1000')
    const headless = runFilter(createFlac, frames)
    t.strictSame(headless.frames, [])
    t.equal(headless.filter.complaint, 'no FLAC header before the frames')
    t.end()
  })

  await t.test('skips 10 MiB of noise quickly, with a header in front or without', (t) => {
    for (const input of [noise(10 * 1024 * 1024, 1), Buffer.concat([start, noise(10 * 1024 * 1024, 2)])]) {
      const from = performance.now()
      t.strictSame(runFilter(createFlac, [input]).frames, [])
      const ms = performance.now() - from
      t.ok(ms < 500, `${ms} ms`)
    }
    t.end()
  })
}
