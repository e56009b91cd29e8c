import fc from 'fast-check'
import t from 'tap'
import { createOgg } from '../../../filters/ogg/ogg.ts'
import { packetsIn } from '../../../filters/ogg/packets.ts'
import { bodyOf, isIntact, sequenceOf } from '../../../filters/ogg/page.ts'
import { noise } from '../made-up.ts'
import { runFilter } from '../run-filter.ts'
import { comments, oggPage } from './made-up-ogg.ts'

/** The first packet of FLAC in Ogg, which announces `count` further headers: 44.1 kHz, stereo, 16 bit, blocks of 4096. */
function firstPacket(count: number): Buffer {
  const info = Buffer.from(`${'1000'.repeat(2)}${'00'.repeat(6)}0ac442f0${'00'.repeat(20)}`, 'hex')
  const head = Buffer.concat([Buffer.from('\x7fFLAC\x01\0\0\0fLaC', 'latin1'), Buffer.from([0, 0, 0, 34])])
  head.writeUInt16BE(count, 7)
  return Buffer.concat([head, info])
}

function block(type: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type, 0, content.length >> 8, content.length & 255]), content])
}

/** A stream with these headers, each on its own page, and one page of sound. */
function stream(blocks: readonly Buffer[], first = 0): Buffer[] {
  const [head, sound] = [firstPacket(blocks.length), Buffer.concat([Buffer.from([0xff, 0xf8]), noise(100, 1)])]
  return [
    oggPage({ sequence: first, granule: 0, flags: 2, packets: [head] }),
    ...blocks.map((packet, i) => oggPage({ sequence: first + i + 1, granule: 0, packets: [packet] })),
    oggPage({ sequence: first + blocks.length + 1, granule: 4096, packets: [sound] }),
  ]
}

const TAGS = block(4, comments('TITLE=A'))

await t.test('sends only STREAMINFO and comments of the headers, numbered up to the first page of sound', (t) => {
  const pages = stream([TAGS, block(1, Buffer.alloc(8192)), block(6, noise(30_000, 1)), block(0x83, Buffer.alloc(18))])
  const { frames, skippedBytes } = runFilter(createOgg, pages)
  t.strictSame(
    frames.map(({ bytes }) => sequenceOf(bytes)),
    [3, 4, 5],
  )
  t.strictSame(frames.at(-1)?.bytes, pages.at(-1))
  const [first, second] = packetsIn(frames.slice(0, 2).map(({ bytes }) => bytes))
  t.strictSame(first, firstPacket(1))
  t.strictSame(second, block(0x84, comments('TITLE=A')), 'marked as the last one')
  t.equal(skippedBytes, 0)
  t.equal(frames[0]?.title, 'A')
  t.end()
})

await t.test('passes on headers unchanged when nothing is to be dropped', (t) => {
  for (const blocks of [[TAGS], [block(1, Buffer.alloc(100)), TAGS], [block(0x81, Buffer.alloc(9))]]) {
    const pages = stream(blocks)
    t.strictSame(
      runFilter(createOgg, pages).frames.map(({ bytes }) => bytes),
      pages,
    )
  }
  t.end()
})

await t.test('emits whole pages in order for any headers, and never throws', (t) => {
  const packet = fc.oneof(
    fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
    fc.tuple(fc.nat(255), fc.nat(70_000)).map(([type, bytes]) => block(type, noise(bytes, type))),
    fc.constant(TAGS),
  )
  const numbers = fc.constantFrom(0, 5, 0xffffffff, 0xfffffffd)
  const property = fc.property(fc.array(packet, { maxLength: 5 }), numbers, (packets, first) => {
    const blocks = packets.map((bytes) => bytes.subarray(0, 60_000))
    const { frames } = runFilter(createOgg, stream([TAGS, ...blocks], first))
    const whole = frames.every(({ bytes }) => isIntact(bytes, 0, bytes.length))
    const next = (first + blocks.length + 2) >>> 0
    const inOrder = frames.every(({ bytes }, i) => sequenceOf(bytes) === (next - frames.length + 1 + i) >>> 0)
    return whole && inOrder && frames.every(({ bytes }) => bodyOf(bytes).length > 0 || bytes.length > 27)
  })
  t.doesNotThrow(() => fc.assert(property))
  t.end()
})
