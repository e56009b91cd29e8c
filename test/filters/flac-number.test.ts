import fc from 'fast-check'
import t from 'tap'
import { crc16Step } from '../../filters/crc.ts'
import { createFlac } from '../../filters/flac.ts'
import { type FlacHeader, readFlacHeader } from '../../filters/flac-header.ts'
import { numberAfter, shifted, withNumber } from '../../filters/flac-number.ts'
import { needs } from '../programs.ts'
import { encode } from './encoded-ogg.ts'
import { runFilter } from './run-filter.ts'

const INFO = { rate: 44_100, channels: 2, bitsPerSample: 16, minBlock: 4096, maxBlock: 4096 }

function headerOf(frame: Buffer): FlacHeader {
  const header = readFlacHeader(Buffer.concat([frame, Buffer.alloc(16)]), 0, INFO)
  if (header === undefined) throw new Error('no header')
  return header
}

/** Of all bytes with the check behind them it is 0. */
function crc16(bytes: Buffer): number {
  let crc = 0
  for (const byte of bytes) crc = crc16Step(crc, byte)
  return crc
}

await t.test('a frame with another number is the same frame otherwise', { skip: needs('flac') }, (t) => {
  const [frame = Buffer.alloc(16)] = runFilter(createFlac, [encode('flac', 1)]).frames.map(({ bytes }) => bytes)
  const header = headerOf(frame)
  const numbers = fc.oneof(
    fc.nat(300),
    fc.maxSafeNat().map((number) => number % 2 ** 36),
    fc.constant(2 ** 36 - 1),
  )
  const property = fc.property(numbers, numbers, (first, second) => {
    const once = withNumber(frame, header, first)
    const twice = withNumber(once, headerOf(once), second)
    if (headerOf(twice).number !== second || crc16(twice) !== 0) return false
    return withNumber(twice, headerOf(twice), 0).equals(frame)
  })
  t.doesNotThrow(() => fc.assert(property))
  t.equal(withNumber(frame, header, 0), frame, 'not copied when nothing changes')
  t.end()
})

await t.test('numbers count frames, or samples where blocks vary, and begin again when they are used up', (t) => {
  const fixed: FlacHeader = { blockSize: 4096, number: 5, varies: false, numberBytes: 1, bytes: 5 }
  const varying = { ...fixed, varies: true }
  t.equal(numberAfter(fixed, 5), 6)
  t.equal(numberAfter(varying, 5), 4101)
  t.equal(numberAfter(fixed, 2 ** 31 - 1), 0)
  t.equal(numberAfter(varying, 2 ** 36 - 4096), 0)
  t.equal(shifted(fixed, -7), 2 ** 31 - 2)
  t.equal(shifted(fixed, 2 ** 31), 5)
  t.equal(shifted(varying, 2 ** 31), 2 ** 31 + 5)
  t.end()
})
