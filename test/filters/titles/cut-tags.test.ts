import fc from 'fast-check'
import t from 'tap'
import { createAacAdts } from '../../../filters/aac/adts.ts'
import { createAuto } from '../../../filters/auto/auto.ts'
import type { CreateFilter } from '../../../filters/frame-filter.ts'
import { createMp3 } from '../../../filters/mpeg/mp3.ts'
import { adtsFrames, apeTag, id3v1, id3v2, mpegFrames, noise } from '../made-up.ts'
import { cut, joined, runFilter } from '../run-filter.ts'

const formats: readonly [string, CreateFilter, Buffer[]][] = [
  ['mp3', createMp3, mpegFrames(60, 1)],
  ['aac-adts', createAacAdts, adtsFrames(60, 1)],
  ['auto', createAuto, mpegFrames(60, 1)],
]

/** An item of an ID3v2 tag. */
function item(name: string, content: Buffer, version: 2 | 4 = 4): Buffer {
  const size = content.length
  const sizeBytes =
    version === 2
      ? [size >> 16, (size >> 8) & 0xff, size & 0xff]
      : [(size >> 21) & 0x7f, (size >> 14) & 0x7f, (size >> 7) & 0x7f, size & 0x7f, 0, 0]
  return Buffer.concat([Buffer.from(name, 'latin1'), Buffer.from(sizeBytes), content])
}

const text = item('TIT2', Buffer.from('\0title', 'latin1'))
const jpeg = Buffer.from(noise(30_000, 2).map((byte) => (byte === 0xff ? 0 : byte)))

/** Tags that are shorter than the size in their header. */
const cutTags: readonly [string, Buffer][] = [
  ['behind its first item', id3v2(Buffer.concat([text, Buffer.alloc(10_000_000)])).subarray(0, 10 + text.length)],
  ['within its picture', id3v2(Buffer.concat([text, item('APIC', jpeg)])).subarray(0, 20_000)],
  ['within its padding', id3v2(Buffer.concat([text, Buffer.alloc(100_000)])).subarray(0, 5000)],
  ['within an APE tag', apeTag(noise(60_000, 5)).subarray(0, 9000)],
]

for (const [name, create, frames] of formats) {
  const sound = Buffer.concat(frames)
  const more = Buffer.concat([...frames, ...frames, ...frames])

  for (const [where, tag] of cutTags) {
    await t.test(`${name}: loses no frame behind a tag that was cut short ${where}`, (t) => {
      for (const input of [
        [tag, more],
        [sound, tag, more],
        [sound, tag, id3v2(text), more],
      ]) {
        const bytes = Buffer.concat(input)
        const expected = Buffer.concat(input.filter((part) => part === sound || part === more))
        for (const sizes of [[bytes.length], [1, 3000], [417]]) {
          t.ok(joined(runFilter(create, cut(bytes, sizes)).frames).equals(expected))
        }
      }
      t.end()
    })
  }

  await t.test(`${name}: finds the frames behind a cut tag that claims more bytes than follow`, (t) => {
    const bytes = Buffer.concat([cutTags[0]?.[1] ?? sound, sound, id3v1()])
    t.ok(joined(runFilter(create, cut(bytes, [1000])).frames).equals(sound))
    t.end()
  })

  await t.test(`${name}: emits nothing of the content of a whole tag`, (t) => {
    const embedded = Buffer.concat([...frames.slice(0, 30), id3v1()])
    for (const content of [jpeg, noise(200_000, 7), embedded, sound]) {
      for (const tag of [
        id3v2(Buffer.concat([text, item('APIC', content)])),
        id3v2(Buffer.concat([text, item('GEOB', content), text, Buffer.alloc(999)]), true),
        // Without items, a tag is trusted up to a smaller size only.
        id3v2(content.subarray(0, 12_000)),
        apeTag(content),
      ]) {
        const bytes = Buffer.concat([tag, sound, tag, sound])
        for (const sizes of [[bytes.length], [777]]) {
          const outcome = runFilter(create, cut(bytes, sizes))
          t.ok(joined(outcome.frames).equals(Buffer.concat([sound, sound])))
          t.equal(outcome.skippedBytes, 0)
        }
      }
    }
    t.end()
  })

  await t.test(`${name}: makes the same frames of a cut tag in chunks of any size`, (t) => {
    const input = fc.tuple(
      fc.nat(cutTags.length - 1),
      fc.nat(30_000),
      fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 5 }),
    )
    const property = fc.property(input, ([which, length, sizes]) => {
      const tag = cutTags[which]?.[1].subarray(0, length) ?? sound
      const bytes = Buffer.concat([...frames.slice(0, 5), tag, more])
      const [one, many] = [runFilter(create, [bytes]), runFilter(create, cut(bytes, sizes))]
      return joined(one.frames).equals(joined(many.frames)) && one.skippedBytes === many.skippedBytes
    })
    t.doesNotThrow(() => fc.assert(property, { numRuns: 60 }))
    t.end()
  })
}

await t.test('passes over an item that holds tags and frames by the thousand in linear time', (t) => {
  const few = Buffer.concat(mpegFrames(5, 1))
  const mean = Buffer.concat(
    Array.from({ length: 2000 }, () => Buffer.concat([few, Buffer.from('ID3 fffb', 'latin1')])),
  )
  const startedAt = performance.now()
  const { frames } = runFilter(createMp3, cut(id3v2(Buffer.concat([text, item('APIC', mean)])), [4096]))
  t.strictSame(frames, [])
  t.ok(performance.now() - startedAt < 3000)
  t.end()
})
