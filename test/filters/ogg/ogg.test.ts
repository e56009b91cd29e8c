import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { createAuto } from '../../../filters/auto/auto.ts'
import type { Frame } from '../../../filters/frame-filter.ts'
import { createOgg } from '../../../filters/ogg/ogg.ts'
import { noise } from '../made-up.ts'
import { cut, DEFAULTS, joined, runFilter, summary } from '../run-filter.ts'
import { oggPage, opusPages } from './made-up-ogg.ts'

const pages = opusPages(8)
const stream = Buffer.concat(pages)

/** Bytes of each frame. */
function bytesOf(frames: readonly Frame[]): Buffer[] {
  return frames.map(({ bytes }) => bytes)
}

await t.test('emits pages as frames, headers too, with their durations', (t) => {
  const { frames, filter, skippedBytes } = runFilter(createOgg, [stream])
  t.strictSame(bytesOf(frames), pages)
  t.strictSame(
    frames.map(({ durationUs }) => durationUs),
    [0, 0, ...Array.from({ length: 8 }, () => 200_000)],
  )
  t.equal(filter.contentType, 'audio/ogg; codecs=opus')
  t.equal(filter.description, 'Ogg Opus, 48000 Hz, stereo')
  t.equal(skippedBytes, 0)
  t.end()
})

await t.test('skips a stream that ends with its headers', (t) => {
  const [head = Buffer.alloc(0)] = opusPages(0, 7)
  const tags = Buffer.concat([Buffer.from('OpusTags'), noise(100, 7)])
  const empty = Buffer.concat([head, oggPage({ serial: 7, sequence: 1, granule: 0, flags: 4, packets: [tags] })])
  const { frames, filter, skippedBytes } = runFilter(createOgg, [empty, stream])
  t.strictSame(bytesOf(frames), pages)
  t.equal(filter.description, 'Ogg Opus, 48000 Hz, stereo')
  t.equal(skippedBytes, empty.length)
  t.end()
})

await t.test('emits the same frames for any chunks with garbage and broken pages, as auto does', (t) => {
  const broken = Buffer.from(pages[4] ?? '')
  broken[100] = (broken[100] ?? 0) ^ 1
  const piece = fc.oneof(
    fc.constantFrom(...pages, broken, Buffer.from('OggS'), stream, Buffer.concat(opusPages(3, 7))),
    fc.tuple(fc.nat(500), fc.nat(50)).map(([bytes, seed]) => noise(bytes, seed)),
    fc.nat(stream.length).map((length) => stream.subarray(0, length)),
  )
  const input = fc.array(piece, { maxLength: 8 }).map((pieces) => Buffer.concat(pieces))
  const sizes = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 5 })
  const property = fc.property(input, sizes, (input, sizes) => {
    const whole = runFilter(createOgg, [input])
    deepStrictEqual(summary(runFilter(createOgg, cut(input, sizes))), summary(whole))
    deepStrictEqual(summary(runFilter(createOgg, cut(input, [1]))), summary(whole))
    deepStrictEqual(joined(whole.frames).length + whole.skippedBytes, input.length)
    const behind = Buffer.concat([stream, input])
    deepStrictEqual(summary(runFilter(createAuto, cut(behind, sizes))), summary(runFilter(createOgg, [behind])))
  })
  t.doesNotThrow(() => fc.assert(property, { numRuns: 200 }))
  t.end()
})

await t.test('counts garbage before, between and after pages, and loses no page', (t) => {
  const parts = pages.flatMap((page, i) => [noise(i * 30, i + 1), page])
  const { frames, skippedBytes } = runFilter(createOgg, cut(Buffer.concat([...parts, noise(50, 1)]), [77]))
  t.strictSame(bytesOf(frames), pages)
  t.equal(skippedBytes, 30 * 45 + 50)
  t.end()
})

await t.test('emits the pages before the cut of a stream truncated anywhere', (t) => {
  for (let end = 0; end < stream.length; end++) {
    const { frames, skippedBytes } = runFilter(createOgg, [stream.subarray(0, end)])
    if (joined(frames).length + skippedBytes !== end || !frames.every(({ bytes }, i) => pages[i]?.equals(bytes))) {
      t.fail(`cut at ${end}`)
    }
  }
  t.end()
})

await t.test('loses the page with a flipped bit, or the stream when it is a header', (t) => {
  const headerBytes = (pages[0]?.length ?? 0) + (pages[1]?.length ?? 0)
  for (let bit = 0; bit < stream.length * 8; bit += 3) {
    const flipped = Buffer.from(stream)
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    const { frames } = runFilter(createOgg, [flipped])
    if (frames.length !== (bit >> 3 < headerBytes ? 0 : pages.length - 1)) t.fail(`bit ${bit}: ${frames.length}`)
  }
  t.end()
})

await t.test('drops only the link whose header page is missing', (t) => {
  const next = opusPages(3, 2)
  const { frames, filter, skippedBytes } = runFilter(createOgg, [...pages.slice(0, 1), ...pages.slice(2), ...next])
  t.strictSame(bytesOf(frames), next)
  t.equal(skippedBytes, stream.length - (pages[1]?.length ?? 0))
  t.equal(filter.complaint, undefined)
  t.end()
})

await t.test('drops sound without headers, with a message', (t) => {
  const { frames, filter } = runFilter(createOgg, pages.slice(2))
  t.strictSame(frames, [])
  t.equal(filter.complaint, 'Ogg pages without the headers of their stream')
  t.equal(filter.contentType, undefined)
  t.equal(runFilter(createOgg, [noise(100, 1)]).filter.complaint, 'no Ogg page')
  t.end()
})

await t.test('drops pages above -frame-bytes, with a message', (t) => {
  const { filter, frames } = runFilter(createOgg, [stream], { ...DEFAULTS, frameBytes: 1000 })
  t.ok(frames.every(({ bytes }) => bytes.length <= 1000))
  t.match(filter.complaint, /^a page of \d+ bytes is larger than -frame-bytes 1000$/)
  t.end()
})

await t.test('reports no duration for jumps, steps back and unknown positions', (t) => {
  const granules = [9600, undefined, 19_200, 19_200 + 48_000 * 11, 100, 9700, -5, 2 ** 52]
  const sound = granules.map((granule, i) => oggPage({ sequence: i + 2, granule, packets: [noise(30, i)] }))
  const { frames } = runFilter(createOgg, [...pages.slice(0, 2), ...sound])
  t.strictSame(
    frames.slice(2).map(({ durationUs }) => durationUs),
    [200_000, 0, 200_000, 0, 0, 200_000, 0, 0],
  )
  t.end()
})

await t.test('takes pages at position 0 of an unknown codec as headers', (t) => {
  const unknown = [2, 0, 0].map((flags, i) => oggPage({ sequence: i, granule: 0, flags, packets: [noise(40, i)] }))
  const sound = oggPage({ sequence: 3, granule: 77, packets: [noise(40, 9)] })
  const { frames, filter } = runFilter(createOgg, [...unknown, sound])
  t.strictSame(bytesOf(frames), [...unknown, sound])
  t.equal(filter.contentType, 'application/ogg')
  t.equal(filter.description, 'Ogg of an unknown codec')
  t.end()
})

await t.test('skips headers that are too many or too large quickly', (t) => {
  const many = Array.from({ length: 20_000 }, (_, i) => {
    return oggPage({ serial: i, sequence: 0, granule: 0, flags: 2, packets: [noise(5, i)] })
  })
  const large = Array.from({ length: 300 }, (_, i) => {
    return oggPage({
      sequence: i + 1,
      granule: undefined,
      flags: i > 0 ? 1 : 0,
      packets: [noise(60 * 1020, i)],
      open: true,
    })
  })
  for (const input of [
    [...many, ...pages.slice(0, 1)],
    [...pages.slice(0, 1), ...large, ...pages.slice(2)],
  ]) {
    const from = performance.now()
    const { frames } = runFilter(createOgg, input)
    t.strictSame(frames.length, 0)
    t.ok(performance.now() - from < 500)
  }
  t.end()
})

await t.test('skips 10 MiB of noise, and of wrong headers, quickly', (t) => {
  const liar = oggPage({ sequence: 0, packets: [Buffer.alloc(0)] })
  liar.fill(255, 26)
  const lies = Buffer.concat(Array.from({ length: 380_000 }, () => liar))
  for (const bytes of [noise(10 * 1024 * 1024, 1), lies]) {
    const from = performance.now()
    const { skippedBytes } = runFilter(createOgg, [bytes])
    const ms = performance.now() - from
    t.equal(skippedBytes, bytes.length)
    t.ok(ms < 500, `${ms} ms`)
  }
  t.end()
})
