import t from 'tap'
import { TAG_HEAD_BYTES, tagBytes } from '../../../filters/titles/tags.ts'
import { apeTag, id3v1, id3v2, noise } from '../made-up.ts'

const lengthOf = (tag: Buffer) => tagBytes(Buffer.concat([tag, Buffer.alloc(TAG_HEAD_BYTES)]), 0)

await t.test('reads the length of ID3v2 tags, with their footer', (t) => {
  t.equal(lengthOf(id3v2(noise(300, 1))), 310)
  t.equal(lengthOf(id3v2(noise(300, 1), true)), 320)
  t.equal(lengthOf(id3v2(noise(2_100_000, 1))), 2_100_010)
  t.end()
})

await t.test('ID3v1 tags have 128 bytes', (t) => {
  t.equal(lengthOf(id3v1()), 128)
  t.end()
})

await t.test('reads the length of APEv2 tags, with their header', (t) => {
  const tag = apeTag(noise(77, 1))
  t.equal(lengthOf(tag), tag.length)
  t.end()
})

await t.test('skips only the footer of an APEv2 tag without a header', (t) => {
  t.equal(lengthOf(apeTag(noise(77, 1)).subarray(-32)), 32)
  t.end()
})

await t.test('does not accept a tag of more than 16 MiB', (t) => {
  t.equal(lengthOf(Buffer.from('4944330400007f7f7f7f', 'hex')), 0)
  const ape = apeTag(noise(1, 1))
  ape.writeUInt32LE(0xffffffff, 12)
  t.equal(lengthOf(ape), 0)
  t.end()
})

await t.test('does not accept text that begins like a tag', (t) => {
  t.equal(lengthOf(Buffer.from('ID3 tags are described at id3.org')), 0)
  t.equal(lengthOf(Buffer.from('APETAG is not enough')), 0)
  t.equal(lengthOf(Buffer.from('49443304000000000080', 'hex')), 0)
  t.end()
})
