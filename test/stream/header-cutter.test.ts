import fc from 'fast-check'
import t from 'tap'
import { createHeaderCutter } from '../../src/stream/header-cutter.ts'

t.test('cuts the header off the first bytes in any chunks, and passes on the rest', async (t) => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 20 })), fc.nat(60), (parts, headerBytes) => {
      const chunks = parts.map((part) => Buffer.from(part))
      const whole = Buffer.concat(chunks)
      const cutter = createHeaderCutter(headerBytes)
      const rest = Buffer.concat(chunks.map((chunk) => cutter.cut(chunk)))
      if (!rest.equals(whole.subarray(headerBytes))) return false
      if (whole.length < headerBytes) return cutter.header === undefined
      return cutter.header?.equals(whole.subarray(0, headerBytes)) === true
    }),
  )
  t.pass('as the concatenation says')
})

t.test('passes on every chunk unchanged without a header', async (t) => {
  const cutter = createHeaderCutter(0)
  t.equal(cutter.header?.length, 0)
  const chunk = Buffer.from('abc')
  t.equal(cutter.cut(chunk), chunk)
})
