import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { createRaw } from '../../filters/raw.ts'
import { noise } from './made-up.ts'
import { cut, DEFAULTS, joined, runFilter, summary } from './run-filter.ts'

const sizesOf = (bytes: number, options = DEFAULTS) =>
  runFilter(createRaw, [noise(bytes, 1)], options).frames.map((frame) => frame.bytes.length)

await t.test('cuts frames of 64 bytes by default', (t) => {
  t.strictSame(sizesOf(200), [64, 64, 64])
  t.end()
})

await t.test('rounds frames down to whole blocks', (t) => {
  t.strictSame(sizesOf(250, { ...DEFAULTS, frameBytes: 100, blockBytes: 12 }), [96, 96])
  t.end()
})

await t.test('never cuts a frame shorter than a block', (t) => {
  t.strictSame(sizesOf(16, { ...DEFAULTS, frameBytes: 1, blockBytes: 8 }), [8, 8])
  t.end()
})

await t.test('skips a short rest', (t) => {
  t.equal(runFilter(createRaw, [noise(200, 1)]).skippedBytes, 200 - 3 * 64)
  t.end()
})

await t.test('keeps a short rest in whole blocks at the end of a file', (t) => {
  const outcome = runFilter(createRaw, [noise(75, 1)], { ...DEFAULTS, blockBytes: 4, keepTail: true })
  t.strictSame(
    outcome.frames.map((frame) => frame.bytes.length),
    [64, 8],
  )
  t.equal(outcome.skippedBytes, 3)
  t.end()
})

await t.test('computes durations from bytes', (t) => {
  const outcome = runFilter(createRaw, [noise(64, 1)], { ...DEFAULTS, byteUs: 2.5 })
  t.equal(outcome.frames[0]?.durationUs, 160)
  t.equal(outcome.filter.contentType, 'application/octet-stream')
  t.end()
})

await t.test('emits one shared frame of the silent byte as silence when durations are known', (t) => {
  const options = { ...DEFAULTS, frameBytes: 100, blockBytes: 6, byteUs: 2.5, silentByte: 128 }
  const { filter, frames } = runFilter(createRaw, [noise(200, 1)], options)
  const [last] = frames
  const silence = last && filter.silence?.(last)
  t.strictSame(silence, { bytes: Buffer.alloc(96, 128), durationUs: 240 })
  t.equal(last && filter.silence?.(last), silence)
  t.equal(last && createRaw(DEFAULTS).silence?.(last), undefined)
  t.equal(filter.format, undefined)
  t.end()
})

await t.test('emits frames within a chunk as views of it', (t) => {
  const chunk = noise(200, 1)
  const { frames } = runFilter(createRaw, [chunk])
  t.ok(frames.every((frame, i) => frame.bytes.byteOffset === chunk.byteOffset + i * 64))
  t.ok(frames.every((frame) => frame.bytes.buffer === chunk.buffer))
  t.end()
})

await t.test('emits the same frames for any chunks, with all bytes except skipped ones, which never change', (t) => {
  const options = fc.record({
    frameBytes: fc.option(fc.integer({ min: 1, max: 300 }), { nil: undefined }),
    blockBytes: fc.integer({ min: 1, max: 12 }),
    byteUs: fc.constant(1),
    keepTail: fc.boolean(),
    silentByte: fc.constant(0),
    splice: fc.constant(true),
  })
  const sizes = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1 })
  const property = fc.property(fc.nat(2000), sizes, options, (length, sizes, options) => {
    const bytes = noise(length, 7)
    const outcome = runFilter(createRaw, cut(bytes, sizes), options)
    deepStrictEqual(summary(outcome), summary(runFilter(createRaw, [bytes], options)))
    return outcome.unchanged && joined(outcome.frames).equals(bytes.subarray(0, length - outcome.skippedBytes))
  })
  t.doesNotThrow(() => fc.assert(property))
  t.end()
})
