import t from 'tap'
import { createAacAdts } from '../../../filters/aac/adts.ts'
import type { CreateFilter } from '../../../filters/frame-filter.ts'
import { createMp3 } from '../../../filters/mpeg/mp3.ts'
import { adtsFrames, apeTag, id3v1, id3v2, mpegFrames, noise } from '../made-up.ts'
import { cut, DEFAULTS, joined, runFilter } from '../run-filter.ts'

const formats: readonly [string, CreateFilter, Buffer[]][] = [
  ['mp3', createMp3, mpegFrames(8, 1)],
  ['aac-adts', createAacAdts, adtsFrames(8, 1)],
]

for (const [name, create, frames] of formats) {
  const whole = Buffer.concat(frames)

  await t.test(`${name}: emits clean input unchanged, as views of the chunks`, (t) => {
    const outcome = runFilter(create, [whole])
    t.strictSame(
      outcome.frames.map((frame) => frame.bytes),
      frames,
    )
    t.ok(outcome.frames.every((frame) => frame.bytes.buffer === whole.buffer))
    t.equal(outcome.skippedBytes, 0)
    t.end()
  })

  await t.test(`${name}: chunks that are frames are not copied`, (t) => {
    const chunks = frames.map((frame) => Buffer.from(frame))
    const outcome = runFilter(create, chunks)
    t.ok(outcome.frames.every((frame, i) => frame.bytes.byteOffset === chunks[i]?.byteOffset))
    t.end()
  })

  await t.test(`${name}: drops the truncated last frame, for a cut at every byte`, (t) => {
    const ends = frames.map((_, i) => Buffer.concat(frames.slice(0, i + 1)).length)
    const thirdHeader = (ends[1] ?? 0) + 7
    for (let length = 1; length < whole.length; length++) {
      const { frames, skippedBytes } = runFilter(create, cut(whole.subarray(0, length), [150]))
      const isStream = length >= thirdHeader || ends.includes(length)
      // Before the third header, frames and part of one are not recognized as a stream; how much of that header is required is
      // not tested here.
      const expected = isStream ? (ends.findLast((end) => end <= length) ?? 0) : length - skippedBytes
      if (expected !== joined(frames).length || !joined(frames).equals(whole.subarray(0, expected))) {
        t.fail(`cut after ${length} bytes`)
      }
      if (expected + skippedBytes !== length) t.fail(`${skippedBytes} skipped of ${length}`)
    }
    t.ok(ends.length > 3)
    t.end()
  })

  await t.test(`${name}: never joins halves of two frames around lost bytes`, (t) => {
    const known = new Set(frames.map((frame) => frame.toString('latin1')))
    const wrong: number[] = []
    for (let lostAt = 0; lostAt < whole.length; lostAt += 3) {
      const damaged = Buffer.concat([whole.subarray(0, lostAt), whole.subarray(lostAt + 100)])
      const { frames, skippedBytes } = runFilter(create, [damaged])
      const areKnown = frames.every((frame) => known.has(frame.bytes.toString('latin1')))
      if (!areKnown || joined(frames).length + skippedBytes !== damaged.length) wrong.push(lostAt)
    }
    t.strictSame(wrong, [])
    t.end()
  })

  await t.test(`${name}: accepts one or two frames as a stream when there is nothing else`, (t) => {
    for (const count of [1, 2]) {
      const outcome = runFilter(create, [Buffer.concat(frames.slice(0, count))])
      t.equal(outcome.frames.length, count)
      t.equal(outcome.skippedBytes, 0)
    }
    t.end()
  })

  await t.test(`${name}: does not accept two frames after garbage as a stream`, (t) => {
    const outcome = runFilter(create, [Buffer.concat([noise(100, 5), ...frames.slice(0, 2)])])
    t.strictSame(outcome.frames, [])
    t.equal(outcome.skippedBytes, 100 + Buffer.concat(frames.slice(0, 2)).length)
    t.end()
  })

  await t.test(`${name}: recognizes the last two frames after garbage within the stream`, (t) => {
    const input = [...frames.slice(0, 6), noise(100, 5), ...frames.slice(6)]
    const outcome = runFilter(create, [Buffer.concat(input)])
    // The frame before the garbage may have been truncated there.
    t.strictSame(
      outcome.frames.map((frame) => frame.bytes),
      frames.filter((_, i) => i !== 5),
    )
    t.end()
  })

  await t.test(`${name}: keeps the last frame before a tag of any kind, zeros, or text`, (t) => {
    const solid = frames.map((frame) => Buffer.concat([frame.subarray(0, -1), Buffer.from([0xaa])]))
    const lyrics = Buffer.from('LYRICSBEGININD0000200LYR00005hello000047LYRICS200')
    for (const behind of [
      id3v1(),
      id3v2(noise(99, 1)),
      apeTag(noise(99, 1)),
      apeTag(noise(99, 1)).subarray(-32),
      Buffer.concat([lyrics, id3v1()]),
      Buffer.alloc(5000),
      Buffer.from('Some other program was here, and left a remark.'),
    ]) {
      for (const input of [
        [...solid, behind],
        [...solid, behind, ...solid],
      ]) {
        const bytes = Buffer.concat(input)
        for (const sizes of [[bytes.length], [1], [300, 7]]) {
          const outcome = runFilter(create, cut(bytes, sizes))
          t.ok(joined(outcome.frames).equals(Buffer.concat(input.filter((part) => part !== behind))))
        }
      }
    }
    t.end()
  })

  await t.test(`${name}: emits no frame that was cut short and goes on with zeros, text or a tag`, (t) => {
    for (const behind of [Buffer.alloc(5000), Buffer.from('text '.repeat(100)), id3v2(Buffer.alloc(600)), id3v1()]) {
      for (let length = 2; length < 308; length += 5) {
        const cutShort = (frames[7] ?? whole).subarray(0, length)
        const outcome = runFilter(create, [Buffer.concat([...frames.slice(0, 7), cutShort, behind, ...frames])])
        const areKnown = outcome.frames.every(({ bytes }) => frames.some((frame) => frame.equals(bytes)))
        if (!areKnown || outcome.frames.length < 14) t.fail(`cut after ${length} bytes`)
      }
    }
    t.ok(true)
    t.end()
  })

  await t.test(`${name}: counts tags between frames and at both ends neither as frames nor as skipped`, (t) => {
    const [a, b, c, d] = [frames.slice(0, 2), frames.slice(2, 5), frames.slice(5, 6), frames.slice(6)]
    const tags = [id3v2(noise(5000, 1)), id3v2(noise(10, 2), true), apeTag(noise(99, 3)), id3v1()]
    const input = [...tags.slice(0, 2), ...a, ...b, tags[2], ...c, tags[3], tags[0], ...d, tags[2], tags[3]]
    const bytes = Buffer.concat(input.filter((part) => part !== undefined))
    for (const sizes of [[1], [7, 300], [bytes.length]]) {
      const outcome = runFilter(create, cut(bytes, sizes))
      t.strictSame(joined(outcome.frames), whole)
      t.equal(outcome.skippedBytes, 0)
    }
    t.end()
  })

  await t.test(`${name}: skips a large tag without holding it`, (t) => {
    const filter = create(DEFAULTS)
    const sizes: number[] = []
    const content = Buffer.alloc(1024 * 1024, 0xff)
    filter.push(id3v2(Buffer.alloc(8 * 1024 * 1024)).subarray(0, 10), () => t.fail('no frame yet'))
    for (let i = 0; i < 8; i++) filter.push(content, () => t.fail('no frame yet'))
    filter.push(whole, (frame) => sizes.push(frame.bytes.length))
    t.equal(sizes.length, frames.length - 1)
    t.equal(filter.skippedBytes, 0)
    t.end()
  })

  await t.test(`${name}: loses only the first frame after a start in the middle of it`, (t) => {
    const outcome = runFilter(create, [whole.subarray(100)])
    t.strictSame(joined(outcome.frames), Buffer.concat(frames.slice(1)))
    t.equal(outcome.skippedBytes, (frames[0]?.length ?? 0) - 100)
    t.end()
  })

  await t.test(`${name}: drops frames above the limit, with a message`, (t) => {
    const outcome = runFilter(create, [whole], { ...DEFAULTS, frameBytes: 250 })
    t.strictSame(outcome.frames, [])
    t.equal(outcome.skippedBytes, whole.length)
    t.match(outcome.filter.complaint, /^a frame of \d+ bytes is larger than -frame-bytes 250$/)
    t.end()
  })

  await t.test(`${name}: counts garbage, with a message`, (t) => {
    const outcome = runFilter(create, cut(noise(100_000, 9), [4096]))
    t.strictSame(outcome.frames, [])
    t.equal(outcome.skippedBytes, 100_000)
    t.match(outcome.filter.complaint, /^no frame of .* in the first 100000 bytes$/)
    t.equal(outcome.filter.description, undefined)
    t.end()
  })

  await t.test(`${name}: never locks falsely in ten thousand random starts`, (t) => {
    const stream = Buffer.concat(name === 'mp3' ? mpegFrames(500, 3) : adtsFrames(500, 3))
    const starts = new Set(
      runFilter(create, [stream]).frames.map((frame) => frame.bytes.byteOffset - stream.byteOffset),
    )
    let falseFrames = 0
    for (let i = 0; i < 10_000; i++) {
      const from = noise(4, i).readUInt32LE() % (stream.length - 3000)
      const piece = stream.subarray(from, from + 3000)
      const outcome = runFilter(create, [piece])
      falseFrames += outcome.frames.filter((frame) => !starts.has(frame.bytes.byteOffset - stream.byteOffset)).length
    }
    t.equal(starts.size, 500)
    t.equal(falseFrames, 0)
    t.end()
  })
}
