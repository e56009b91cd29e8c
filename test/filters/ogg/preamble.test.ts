import t from 'tap'
import { createAuto } from '../../../filters/auto/auto.ts'
import { createOgg } from '../../../filters/ogg/ogg.ts'
import { isIntact, pageBytes, sequenceOf } from '../../../filters/ogg/page.ts'
import { noise } from '../made-up.ts'
import { framed } from './encoded-ogg.ts'
import { oggPage, opusPages } from './made-up-ogg.ts'

/** Splits bytes into pages, all of which must be intact. */
function pagesOf(bytes: Buffer | null | undefined): Buffer[] {
  const pages: Buffer[] = []
  for (let rest = bytes ?? Buffer.alloc(0); rest.length > 0; rest = rest.subarray(pages.at(-1)?.length)) {
    const page = rest.subarray(0, pageBytes(rest, 0))
    if (page.length === 0 || !isIntact(page, 0, page.length)) throw new Error('a page is broken')
    pages.push(page)
  }
  return pages
}

await t.test('numbers headers so that the next page follows, also where numbers wrap', (t) => {
  for (const first of [0, 1000, 0xffffffff, 0xfffffffe, 0xfffffff9]) {
    const { ring, filter } = framed(createOgg, Buffer.concat(opusPages(10, 5, first)))
    for (let at = 2; at < ring.next; at++) {
      const numbers = pagesOf(filter.preamble?.(at, ring, true)).map(sequenceOf)
      const next = sequenceOf(ring.at(at)?.bytes ?? Buffer.alloc(27))
      t.strictSame(numbers, [(next - 2) >>> 0, (next - 1) >>> 0])
    }
  }
  t.end()
})

await t.test('changes only the number and the checksum of a header', (t) => {
  const pages = opusPages(3)
  const { ring, filter } = framed(createOgg, Buffer.concat(pages))
  t.equal(filter.preamble?.(0, ring, true)?.length, 0, 'the first page needs nothing')
  t.equal(filter.preamble?.(1, ring, true), null, 'nobody begins between headers')
  t.strictSame(pagesOf(filter.preamble?.(2, ring, true)), pages.slice(0, 2), 'the numbers are right already')
  for (const [i, page] of pagesOf(filter.preamble?.(4, ring, true)).entries()) {
    t.strictSame(page.subarray(0, 18), pages[i]?.subarray(0, 18))
    t.strictSame(page.subarray(26), pages[i]?.subarray(26))
  }
  t.end()
})

await t.test('sends each listener of a chain the headers of the link in which it starts', (t) => {
  const chain = [opusPages(4, 1), opusPages(5, 2, 70), opusPages(3, 3)]
  for (const create of [createOgg, createAuto]) {
    const { ring, filter } = framed(create, Buffer.concat(chain.flat()))
    t.equal(ring.next, chain.flat().length)
    for (let at = 0, link = 0; link < chain.length; at += chain[link++]?.length ?? 0) {
      for (let i = 2; i < (chain[link]?.length ?? 0); i++) {
        const serials = pagesOf(filter.preamble?.(at + i, ring, true)).map((page) => page.readUInt32LE(14))
        t.strictSame(serials, [link + 1, link + 1])
      }
    }
  }
  t.end()
})

await t.test('sends headers after a skip only to listeners that missed them', (t) => {
  const { ring, filter } = framed(createOgg, Buffer.concat([...opusPages(4, 1), ...opusPages(6, 2)]))
  const lengths = (missedFrom?: number) => filter.preamble?.(10, ring, false, missedFrom)?.length ?? 0
  t.ok(lengths(3) > 0, 'from the link before')
  t.ok(lengths(7) > 0, 'from between the headers')
  t.equal(lengths(8), 0, 'from after them')
  t.ok(lengths() > 0, 'from before what the ring holds')
  const { ring: small, filter: same } = framed(createOgg, Buffer.concat([...opusPages(4, 1), ...opusPages(6, 2)]), 3)
  t.equal(same.preamble?.(10, small, false)?.length, 0, 'the link began before what the ring holds')
  t.end()
})

/** Headers, and a packet of 255 * 3 bytes on three pages, the last of which ends a further packet. */
function splitPacket(): Buffer[] {
  const pieces = [noise(255, 1), noise(255, 2), noise(255, 3)]
  const [whole, last] = [noise(30, 4), noise(40, 5)]
  const [a = whole, b = whole, c = whole] = pieces
  return [
    ...opusPages(0),
    oggPage({ sequence: 2, granule: 960, packets: [whole, a], open: true }),
    oggPage({ sequence: 3, flags: 1, packets: [b], open: true }),
    oggPage({ sequence: 4, flags: 1, granule: 2880, packets: [c, last] }),
    oggPage({ sequence: 5, granule: 3840, packets: [last] }),
  ]
}

await t.test('sends the beginning of a packet before its continuation, also from several pages', (t) => {
  const pages = splitPacket()
  const { ring, filter } = framed(createOgg, Buffer.concat(pages))
  const before = pagesOf(filter.preamble?.(4, ring, true))
  t.strictSame(before.map(sequenceOf), [0, 1, 2, 3])
  t.strictSame(before[2], oggPage({ sequence: 2, packets: [noise(255, 1)], open: true }))
  t.strictSame(before[3], pages[3])
  t.strictSame(pagesOf(filter.preamble?.(4, ring, false, 3)), before.slice(2), 'after a skip without headers')
  t.end()
})

await t.test('starts at the newest page unchanged when the beginning of its packet has left the ring', (t) => {
  const bytes = Buffer.concat(splitPacket())
  const { ring: two, filter } = framed(createOgg, bytes, 2)
  t.equal(filter.preamble?.(4, two, true), null)
  const { ring: one, filter: same } = framed(createOgg, bytes.subarray(0, bytes.indexOf(splitPacket()[5] ?? '')), 1)
  t.strictSame(pagesOf(same.preamble?.(4, one, true)).map(sequenceOf), [2, 3])
  t.end()
})

await t.test('starts no listener where the beginning of the packet never arrived', (t) => {
  const pages = splitPacket()
  const { ring, filter } = framed(createOgg, Buffer.concat([...pages.slice(0, 3), ...pages.slice(4)]))
  t.equal(filter.preamble?.(3, ring, true), null)
  t.ok(filter.preamble?.(4, ring, true))
  t.end()
})
