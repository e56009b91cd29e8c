import fc from 'fast-check'
import t from 'tap'
import { crc16 } from '../../../filters/bytes/crc.ts'
import { createFlac } from '../../../filters/flac/flac.ts'
import { type FlacHeader, headerOfFrame } from '../../../filters/flac/header.ts'
import { FLAC_NUMBERS, flacNumbering, withNumber } from '../../../filters/flac/number.ts'
import { shiftAfterSkip, shiftOfJoiner } from '../../../filters/numbering.ts'
import { needs } from '../../programs.ts'
import { noise } from '../made-up.ts'
import { encode } from '../ogg/encoded-ogg.ts'
import { runFilter } from '../run-filter.ts'

const skip = needs('flac')
const NUMBER = fc.oneof(fc.nat(300), fc.nat(FLAC_NUMBERS - 1), fc.constant(FLAC_NUMBERS - 1))

function headerOf(frame: Buffer): FlacHeader {
  const header = headerOfFrame(frame)
  if (header === undefined) throw new Error('no header')
  return header
}

function framesOf(bytes: Buffer): Buffer[] {
  return runFilter(createFlac, [bytes]).frames.map((frame) => frame.bytes)
}

await t.test('renumbers a frame without other changes, with both checksums right', { skip }, (t) => {
  const frames = framesOf(encode('flac', 1))
  const property = fc.property(fc.constantFrom(...frames), NUMBER, NUMBER, (frame, first, second) => {
    const once = withNumber(frame, headerOf(frame), first)
    const twice = withNumber(once, headerOf(once), second)
    if (headerOf(twice).number !== second || crc16(twice, 0, twice.length) !== 0) return false
    return withNumber(twice, headerOf(twice), headerOf(frame).number).equals(frame)
  })
  t.doesNotThrow(() => fc.assert(property))
  t.end()
})

await t.test('keeps lowered numbers consecutive, also where numbers restart at 0', { skip }, (t) => {
  const frames = framesOf(encode('flac', 1))
  const property = fc.property(NUMBER, (by) => {
    const lowered = frames.map((frame) => flacNumbering.lowered([frame], by))
    const inRow = lowered.every(
      (frame, i) => i === 0 || flacNumbering.of(frame) === flacNumbering.after(lowered[i - 1] ?? frame),
    )
    return inRow && flacNumbering.lowered(frames, by).equals(Buffer.concat(lowered))
  })
  t.doesNotThrow(() => fc.assert(property))
  t.end()
})

await t.test('does not change bytes that are not a frame', (t) => {
  const bytes = fc.oneof(
    fc.tuple(fc.nat(40), fc.nat(1000)).map(([length, seed]) => noise(length, seed)),
    fc.uint8Array({ maxLength: 20 }).map((tail) => Buffer.from([0xff, 0xf9, ...tail])),
  )
  const property = fc.property(bytes, NUMBER, (some, by) => {
    return headerOfFrame(some) !== undefined || flacNumbering.lowered([some], by).equals(some)
  })
  t.doesNotThrow(() => fc.assert(property))
  t.end()
})

t.test('gives a new listener low numbers, the same as listeners that join soon after it', (t) => {
  const eighth = FLAC_NUMBERS / 8
  t.equal(shiftOfJoiner(flacNumbering, 5), 0)
  t.equal(shiftOfJoiner(flacNumbering, eighth - 1), 0)
  t.equal(shiftOfJoiner(flacNumbering, eighth), eighth)
  t.equal(shiftOfJoiner(flacNumbering, FLAC_NUMBERS - 1), 7 * eighth)
  t.end()
})

t.test('continues the numbers of a listener after a skip', (t) => {
  const shift = shiftAfterSkip(flacNumbering, 0, 100, 175)
  t.equal(shift, 75)
  t.equal(shiftAfterSkip(flacNumbering, shift, 200, 1200), 1075, 'skips add up')
  t.equal(shiftAfterSkip(flacNumbering, 0, FLAC_NUMBERS - 10, 5), 15, 'where numbers start at 0 again')
  t.equal(shiftAfterSkip(flacNumbering, FLAC_NUMBERS - 1, 0, 3), 2)
  t.end()
})
