import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { createMp3 } from '../../filters/mpeg/mp3.ts'
import { FILTERS } from '../../filters/table.ts'
import {
  adtsFrames,
  apeTag,
  id3v1,
  id3v2,
  loasFrames,
  MP3_48K_HEADER,
  MPEG2_MONO_HEADER,
  mpegFrames,
  noise,
  reservoirFrames,
  wildMpegFrames,
  xingFrame,
} from './made-up.ts'
import { opusPages } from './ogg/made-up-ogg.ts'
import { cut, DEFAULTS, joined, runFilter, summary } from './run-filter.ts'

const seed = fc.nat(50)
const count = fc.integer({ min: 1, max: 6 })

const mpeg = fc
  .tuple(
    fc.constantFrom(mpegFrames, wildMpegFrames),
    count,
    seed,
    fc.constantFrom<[Buffer | undefined, number]>([undefined, 417], [MP3_48K_HEADER, 384], [MPEG2_MONO_HEADER, 104]),
  )
  .map(([make, count, seed, [header, bytes]]) => Buffer.concat(make(count, seed, header, bytes)))
/** A part from the middle of an encoder's output. */
const middle = fc
  .tuple(count, count, seed)
  .map(([skipped, count, seed]) => Buffer.concat(reservoirFrames(skipped + count, seed).slice(skipped)))
const loas = fc
  .tuple(fc.integer({ min: 1, max: 40 }), seed)
  .map(([count, seed]) => Buffer.concat(loasFrames(count, seed)))
const adts = fc.tuple(count, seed).map(([count, seed]) => Buffer.concat(adtsFrames(count, seed)))
const garbage = fc.oneof(
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
  fc.tuple(fc.nat(3000), seed).map(([length, seed]) => noise(length, seed)),
  fc.constantFrom('ff', 'ffff', 'fffb', 'fffb9044', 'fff15080').map((text) => Buffer.from(text, 'hex')),
)
const brokenTag = fc.constantFrom('I', 'ID3', 'TAG', 'APE', 'APETAGEX').map((text) => Buffer.from(text, 'latin1'))
const ogg = fc.tuple(count, seed).map(([count, seed]) => Buffer.concat(opusPages(count, seed)))
const sound = fc.oneof(mpeg, middle, adts, ogg, loas)
const broken = fc.tuple(sound, fc.nat(2000), fc.nat(300)).map(([bytes, at, lost]) => {
  const from = at % bytes.length
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + lost)])
})
const flipped = fc.tuple(sound, fc.nat(20_000)).map(([bytes, bit]) => {
  const at = (bit >> 3) % bytes.length
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7))
  return bytes
})
const tag = fc
  .tuple(fc.nat(400), fc.boolean())
  .chain(([length, footer]) => fc.constantFrom(id3v2(noise(length, 1), footer), id3v1(), apeTag(noise(length, 2))))
const untagged = fc
  .array(fc.oneof(sound, garbage, broken, flipped), { maxLength: 8 })
  .map((parts) => Buffer.concat(parts))
const stream = fc
  .array(fc.oneof(sound, garbage, broken, flipped, tag, brokenTag, fc.constant(xingFrame())), { maxLength: 8 })
  .map((parts) => Buffer.concat(parts))
const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 2000 })), {
  minLength: 1,
  maxLength: 6,
})

/** Returns whether all frames occur in `input`, in order; the page numbers of Ogg may differ. */
function areInOrder(frames: readonly { bytes: Buffer }[], input: Buffer): boolean {
  let at = 0
  return frames.every(({ bytes }) => {
    const body = isOggPage(bytes) ? bytes.subarray(PAGE_NUMBERS_BYTES) : bytes
    const found = input.indexOf(body, at)
    at = found + body.length
    return found >= 0
  })
}

/** Up to the end of the checksum. */
const PAGE_NUMBERS_BYTES = 26

function isOggPage(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, 4) === 'OggS'
}

/** Options for unmodified frames, without lead-in frames. */
const PLAIN = { ...DEFAULTS, splice: false }

for (const [name, create] of FILTERS) {
  await t.test(`${name}: any chunking gives the same frames and the same counts`, (t) => {
    const property = fc.property(stream, sizes, (bytes, sizes) => {
      const whole = summary(runFilter(create, [bytes]))
      deepStrictEqual(summary(runFilter(create, cut(bytes, sizes))), whole)
      deepStrictEqual(summary(runFilter(create, cut(bytes, [1]))), whole)
    })
    t.doesNotThrow(() => fc.assert(property, { numRuns: 300 }))
    t.end()
  })

  await t.test(`${name}: emits pieces of the input in order, which never change`, (t) => {
    const property = fc.property(stream, sizes, (bytes, sizes) => {
      const outcome = runFilter(create, cut(bytes, sizes), PLAIN)
      return areInOrder(outcome.frames, bytes) && outcome.unchanged
    })
    t.doesNotThrow(() => fc.assert(property, { numRuns: 200 }))
    t.end()
  })

  await t.test(`${name}: every byte of input without tags is in a frame or counted as skipped`, (t) => {
    const property = fc.property(untagged, sizes, (bytes, sizes) => {
      const outcome = runFilter(create, cut(bytes, sizes), PLAIN)
      return joined(outcome.frames).length + outcome.skippedBytes === bytes.length
    })
    t.doesNotThrow(() => fc.assert(property, { numRuns: 300 }))
    t.end()
  })
}

await t.test('mp3: emits replacement frames in addition to the input, which never change either', (t) => {
  const property = fc.property(untagged, sizes, (bytes, sizes) => {
    const outcome = runFilter(createMp3, cut(bytes, sizes))
    const own = outcome.frames.filter((frame) => bytes.includes(frame.bytes))
    return outcome.unchanged && joined(own).length + outcome.skippedBytes === bytes.length
  })
  t.doesNotThrow(() => fc.assert(property, { numRuns: 300 }))
  t.end()
})
