import fc from 'fast-check'
import t from 'tap'
import { isIntact, pageBytes, renumber, sequenceOf, sequenceWeight } from '../../../filters/ogg/page.ts'
import { noise } from '../made-up.ts'
import { oggPage } from './made-up-ogg.ts'

await t.test('a page with a new number has the right checksum', (t) => {
  const numbers = fc.integer({ min: 0, max: 0xffffffff })
  const property = fc.property(numbers, numbers, fc.nat(5000), (before, after, bytes) => {
    const page = oggPage({ sequence: before, packets: [noise(bytes, before & 0xff)] })
    const inFront = Buffer.concat([noise(7, 1), page])
    renumber(inFront, 7, after, sequenceWeight(page))
    const renumbered = inFront.subarray(7)
    return isIntact(renumbered, 0, renumbered.length) && sequenceOf(renumbered) === after
  })
  t.doesNotThrow(() => fc.assert(property))
  t.end()
})

await t.test('reads the length of a page from its segments, and detects a changed bit', (t) => {
  const page = oggPage({ sequence: 3, packets: [noise(600, 1), noise(0, 1), noise(255, 2)] })
  t.equal(pageBytes(page, 0), page.length)
  for (let bit = 0; bit < page.length * 8; bit++) {
    const flipped = Buffer.from(page)
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    if (isIntact(flipped, 0, flipped.length)) t.fail(`bit ${bit}`)
  }
  t.end()
})
