import t from 'tap'
import { createAuto } from '../../../filters/auto/auto.ts'
import type { Frame } from '../../../filters/frame-filter.ts'
import { adtsFrames, apeTag, id3v2, loasFrames, mpegFrames, noise } from '../made-up.ts'
import { cut, DEFAULTS, joined, runFilter } from '../run-filter.ts'

const mp3 = Buffer.concat(mpegFrames(10, 1))
const aac = Buffer.concat(adtsFrames(10, 1))

/** Stereo s16le: a tone of this frequency, or a square wave of full scale. */
function pcm(hertz: number, square = false): Buffer {
  const samples = Buffer.alloc(400_000)
  for (let i = 0; i < samples.length / 2; i++) {
    const value = Math.sin((2 * Math.PI * hertz * (i >> 1)) / 44100)
    samples.writeInt16LE(square ? Math.sign(value) * 32767 : Math.round(value * 32000), i * 2)
  }
  return samples
}

/** Returns the state of a stream after these bytes. */
function begin(bytes: Buffer, options = DEFAULTS) {
  const frames: Frame[] = []
  const filter = createAuto(options)
  filter.push(bytes, (frame) => frames.push(frame))
  return { filter, frames, emit: (frame: Frame) => frames.push(frame) }
}

await t.test('recognizes MP3 and AAC by three headers', (t) => {
  t.equal(begin(mp3.subarray(0, 417 * 2 + 4)).filter.contentType, 'audio/mpeg')
  t.equal(begin(aac.subarray(0, 700)).filter.contentType, 'audio/aac')
  t.equal(begin(mp3.subarray(0, 417 * 2 + 3)).filter.contentType, undefined)
  t.end()
})

await t.test('loses nothing of the bytes that it held', (t) => {
  for (const bytes of [mp3, aac, noise(20_000, 1).subarray(0, 64 * 300)]) {
    t.strictSame(joined(runFilter(createAuto, cut(bytes, [100])).frames), bytes)
  }
  t.end()
})

await t.test('recognizes a stream that starts in the middle of a frame', (t) => {
  const outcome = runFilter(createAuto, [mp3.subarray(77)])
  t.equal(outcome.filter.contentType, 'audio/mpeg')
  t.equal(outcome.frames.length, 9)
  t.equal(outcome.skippedBytes, 417 - 77)
  t.end()
})

await t.test('recognizes a stream behind a tag of any size, without holding the tag', (t) => {
  const tag = id3v2(noise(500_000, 1))
  const outcome = runFilter(createAuto, cut(Buffer.concat([tag, tag, mp3]), [4096]))
  t.equal(outcome.filter.contentType, 'audio/mpeg')
  t.strictSame(joined(outcome.frames), mp3)
  t.equal(outcome.skippedBytes, 0)
  t.end()
})

await t.test('chooses raw for text, silence, tones, square waves and noise', (t) => {
  const text = Buffer.from('TAG or ID3, I said. ÿûD And so on, and so on.\n'.repeat(5000), 'latin1')
  const inputs = [
    text,
    Buffer.alloc(300_000),
    Buffer.alloc(100_000, 0xff),
    pcm(440),
    pcm(3),
    pcm(50, true),
    noise(100_000, 4),
  ]
  for (const bytes of inputs) {
    const { filter, frames } = begin(bytes)
    t.equal(filter.contentType, 'application/octet-stream')
    t.equal(filter.refusal, undefined)
    t.ok(joined(frames).equals(bytes.subarray(0, joined(frames).length)))
    t.ok(bytes.length - joined(frames).length < 64)
  }
  t.end()
})

await t.test('chooses the format that begins first, in one chunk and in many', async (t) => {
  const cutShort = aac.subarray(0, 900)
  const bytes = Buffer.concat([noise(97, 1), cutShort, mp3])
  for (const sizes of [[bytes.length], [1], [500]]) {
    t.equal(runFilter(createAuto, cut(bytes, sizes)).filter.contentType, 'audio/aac')
  }
})

await t.test('chooses raw after 8 KiB without a frame, not counting leading zeros', (t) => {
  const text = Buffer.alloc(8192, 'x')
  t.equal(begin(text.subarray(1)).filter.contentType, undefined)
  t.equal(begin(text).filter.contentType, 'application/octet-stream')
  t.equal(begin(Buffer.alloc(256 * 1024 + 8191)).filter.contentType, undefined)
  t.equal(begin(Buffer.alloc(256 * 1024 + 8192)).filter.contentType, 'application/octet-stream')
  t.end()
})

await t.test('chooses raw when frames begin after 8 KiB of other bytes, in one chunk and in many', (t) => {
  const bytes = Buffer.concat([Buffer.alloc(8192, 'x'), mp3])
  for (const sizes of [[bytes.length], [1], [500]]) {
    t.equal(runFilter(createAuto, cut(bytes, sizes)).filter.contentType, 'application/octet-stream')
  }
  t.end()
})

await t.test('recognizes MP3 and AAC behind APE tags and zeros of any usual size, in one chunk and in many', (t) => {
  const [zeros, ape] = [Buffer.alloc(9000), apeTag(noise(300_000, 3))]
  for (const front of [[zeros], [ape], [id3v2(noise(99, 1)), zeros, ape, id3v2(Buffer.alloc(20)), zeros]]) {
    for (const [sound, contentType] of [
      [mp3, 'audio/mpeg'],
      [aac, 'audio/aac'],
    ] as const) {
      const bytes = Buffer.concat([...front, sound])
      for (const sizes of [[bytes.length], [7, 4000], [500]]) {
        const outcome = runFilter(createAuto, cut(bytes, sizes))
        t.equal(outcome.filter.contentType, contentType)
        t.ok(joined(outcome.frames).equals(sound))
      }
    }
  }
  t.end()
})

await t.test('keeps leading zeros when the bytes behind them are raw', (t) => {
  const bytes = Buffer.concat([Buffer.alloc(20_032), noise(20_000, 3)])
  t.ok(joined(runFilter(createAuto, cut(bytes, [777]), { ...DEFAULTS, keepTail: true }).frames).equals(bytes))
  t.end()
})

await t.test('chooses raw for a slow source', (t) => {
  const { filter, frames, emit } = begin(Buffer.from('x'.repeat(128)))
  filter.settle?.(emit)
  t.equal(filter.contentType, 'application/octet-stream')
  t.equal(frames.length, 2)
  t.end()
})

await t.test('judges a slow source by the bytes so far: none, one header, or two', (t) => {
  const cases: [Buffer, string | undefined][] = [
    [Buffer.alloc(0), undefined],
    [mp3.subarray(0, 100), 'application/octet-stream'],
    [mp3.subarray(0, 500), undefined],
    [id3v2(noise(50, 1)).subarray(0, 30), undefined],
    [Buffer.concat([id3v2(noise(50, 1)), mp3.subarray(0, 100)]), undefined],
    [Buffer.concat([mp3.subarray(0, 500), Buffer.alloc(500)]), 'application/octet-stream'],
  ]
  for (const [bytes, contentType] of cases) {
    const { filter, emit } = begin(bytes)
    filter.settle?.(emit)
    t.equal(filter.contentType, contentType)
  }
  t.end()
})

await t.test('emits no frames for a source of a tag only', (t) => {
  for (const bytes of [id3v2(noise(500, 1)), id3v2(noise(500, 1)).subarray(0, 100)]) {
    const outcome = runFilter(createAuto, [bytes], { ...DEFAULTS, keepTail: true })
    t.strictSame(outcome.frames, [])
    t.equal(outcome.skippedBytes, 0)
  }
  t.end()
})

await t.test('drops a tag in front of raw bytes', (t) => {
  const rest = noise(6400, 1)
  const outcome = runFilter(createAuto, cut(Buffer.concat([id3v2(noise(500, 1)), rest]), [333]))
  t.strictSame(joined(outcome.frames), rest)
  t.end()
})

await t.test('emits two frames and the end as a stream, and a few raw bytes too', (t) => {
  const short = runFilter(createAuto, [mp3.subarray(0, 834)])
  t.equal(short.filter.contentType, 'audio/mpeg')
  t.equal(short.frames.length, 2)
  const raw = runFilter(createAuto, [Buffer.from('hello')], { ...DEFAULTS, keepTail: true })
  t.strictSame(joined(raw.frames), Buffer.from('hello'))
  t.end()
})

await t.test('sends frames above -frame-bytes as raw bytes, and reports it in the description', (t) => {
  const { filter, frames } = begin(Buffer.concat(mpegFrames(30, 1)), { ...DEFAULTS, frameBytes: 300 })
  t.equal(filter.contentType, 'application/octet-stream')
  t.ok(frames.every((frame) => frame.bytes.length === 300))
  t.equal(filter.description, 'raw bytes, because a frame of 417 bytes is larger than -frame-bytes 300')
  t.end()
})

await t.test('describes the format that it found', (t) => {
  t.equal(begin(mp3).filter.description, 'MPEG-1 Layer III, 44100 Hz, joint stereo, 128 kbit/s')
  t.end()
})

await t.test('reports the format and the silence of the filter that it chose', (t) => {
  const { filter, frames } = begin(mp3)
  t.equal(filter.format, 'MPEG-1 Layer III, 44100 Hz, stereo')
  t.equal(filter.silence?.(frames[0] ?? { bytes: mp3, durationUs: 0 })?.bytes.length, 417)
  const raw = begin(noise(10_000, 1))
  t.equal(raw.filter.format, undefined)
  t.end()
})

await t.test('refuses LOAS at any offset in place of sending it as raw bytes', (t) => {
  const loas = Buffer.concat(loasFrames(40, 1))
  for (const bytes of [loas, loas.subarray(100), Buffer.concat([id3v2(noise(9000, 1)), loas])]) {
    for (const sizes of [[bytes.length], [1], [500]]) {
      const { filter, frames, skippedBytes } = runFilter(createAuto, cut(bytes, sizes))
      t.match(filter.refusal, /LATM\/LOAS .* make it ADTS/)
      t.strictSame(frames, [])
      t.ok(skippedBytes <= loas.length && skippedBytes > loas.length - 200)
      t.equal(filter.contentType, undefined)
    }
  }
  t.end()
})

await t.test('refuses LOAS of a slow source when it chooses', (t) => {
  const { filter, emit } = begin(Buffer.concat(loasFrames(4, 1)))
  t.equal(filter.refusal, undefined)
  filter.settle?.(emit)
  t.match(filter.refusal, /LOAS/)
  t.end()
})
