import fc from 'fast-check'
import t from 'tap'
import { createAuto } from '../../../filters/auto/auto.ts'
import type { Frame } from '../../../filters/frame-filter.ts'
import { parsePcmFormat } from '../../../filters/pcm-format.ts'
import { endlessWavHeader } from '../../../filters/wav/header.ts'
import { createWav } from '../../../filters/wav/wav.ts'
import { Ring } from '../../../src/ring/ring.ts'
import { needs, runProgram } from '../../programs.ts'
import { noise } from '../made-up.ts'
import { cut, DEFAULTS, joined, runFilter } from '../run-filter.ts'

/** Several consecutive WAV streams in one pipe, as a loop of decoders writes them. */

const list = Buffer.from('LIST\x05\0\0\0abcde\0', 'latin1')

/** A file of samples. @param dataBytes their size according to the header. */
function wav(samples: Buffer, dataBytes = samples.length, format = 'cd'): Buffer {
  const header = Buffer.from(endlessWavHeader(parsePcmFormat(format)))
  header.writeUInt32LE(dataBytes, header.length - 4)
  return Buffer.concat([header, samples, Buffer.alloc(dataBytes === samples.length ? samples.length % 2 : 0)])
}

function rawTone(frequency: string): Buffer {
  return runProgram('ffmpeg', [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    `sine=${frequency}:d=0.3:r=8000`,
    '-f',
    's16le',
    '-',
  ])
}

const [a, b, c] = [noise(10_000, 1), noise(2004, 2), noise(7000, 3)]
const sound = Buffer.concat([a, b, c])
const sizes = [[1_000_000], [1], [7, 1500], [44]]

await t.test('plays all samples of WAV streams in one pipe, whatever sizes their headers claim', (t) => {
  for (const claimed of [undefined, 0, 0x7ffff000, 0x80000000, 0xffffffff, 50_000]) {
    const bytes = Buffer.concat([a, b, c].map((samples) => wav(samples, claimed)))
    for (const create of [createWav, createAuto]) {
      for (const size of sizes) {
        const { frames, filter, skippedBytes } = runFilter(create, cut(bytes, size))
        t.ok(joined(frames).equals(sound))
        t.equal(skippedBytes, 0)
        t.equal(filter.complaint, undefined)
        t.ok(frames.every((frame) => frame.isOtherFormat !== true))
      }
    }
  }
  t.end()
})

await t.test('skips chunks after the samples without counting them as dropped', (t) => {
  const odd = wav(a.subarray(0, 8999), 8999, 'u8:44100:1')
  const even = wav(b, b.length, 'u8:44100:1')
  const cue = Buffer.from('cue \x03\0\0\0abc\0', 'latin1')
  for (const size of sizes) {
    const bytes = Buffer.concat([odd, list, cue, even, list, odd])
    const { frames, skippedBytes } = runFilter(createWav, cut(bytes, size))
    t.ok(joined(frames).equals(Buffer.concat([a.subarray(0, 8999), b, a.subarray(0, 8999)])))
    t.equal(skippedBytes, 0)
  }
  t.end()
})

await t.test('counts bytes that are neither samples nor chunks, with a message', (t) => {
  const junk = Buffer.from('\xff no chunk, and not a header either', 'latin1')
  const adpcm = wav(b)
  adpcm.writeUInt16LE(0x11, 20)
  for (const [dropped, complaint] of [
    [junk, /after the samples/],
    [adpcm, /WAV format 17/],
  ] as const) {
    for (const size of sizes) {
      const { frames, skippedBytes, filter } = runFilter(createWav, cut(Buffer.concat([wav(a), dropped, wav(c)]), size))
      t.ok(joined(frames).equals(Buffer.concat([a, c])))
      t.equal(skippedBytes, dropped.length)
      t.match(filter.complaint, complaint)
      t.equal(filter.refusal, undefined)
    }
  }
  t.end()
})

await t.test('drops half a sample of a writer that was killed', (t) => {
  const bytes = Buffer.concat([wav(a.subarray(0, 9999), 0xffffffff), wav(b)])
  for (const size of sizes) {
    const { frames, skippedBytes } = runFilter(createWav, cut(bytes, size))
    t.ok(joined(frames).equals(Buffer.concat([a.subarray(0, 9996), b])))
    t.equal(skippedBytes, 3)
  }
  t.end()
})

await t.test('marks the first frame of another format, and gives joiners the header of their frame', (t) => {
  const bytes = Buffer.concat([wav(a), wav(b, b.length, 'u8:8000:1'), wav(c, c.length, 'u8:8000:1'), wav(a)])
  for (const size of sizes) {
    const ring = new Ring({ frames: 100 })
    const filter = createWav(DEFAULTS)
    const frames: Frame[] = []
    const keep = (frame: Frame) => {
      frames.push(frame)
      ring.push(frame)
    }
    for (const chunk of cut(bytes, size)) filter.push(chunk, keep)
    filter.end(keep)
    const changes = frames.flatMap((frame, i) => (frame.isOtherFormat === true ? [i] : []))
    t.strictSame(changes, [10, 19])
    t.strictSame(filter.preamble?.(9, ring, true), endlessWavHeader(parsePcmFormat('cd')))
    t.strictSame(filter.preamble?.(10, ring, true), endlessWavHeader(parsePcmFormat('u8:8000:1')))
    t.strictSame(filter.preamble?.(18, ring, true), endlessWavHeader(parsePcmFormat('u8:8000:1')))
    t.equal(frames[10]?.durationUs, (1024 * 1e6) / 8000)
    t.ok(joined(frames).equals(Buffer.concat([a, b, c, a])))
  }
  t.end()
})

await t.test('emits the same frames of several streams for any chunks, and never throws', (t) => {
  const part = fc.oneof(
    fc.constantFrom(wav(a), wav(b, 0), wav(c, 0xffffffff), wav(b, 1000), list, Buffer.from('RIFF....WAVE')),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  )
  const input = fc.tuple(
    fc.array(part, { maxLength: 6 }),
    fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 5 }),
  )
  const property = fc.property(input, ([parts, sizes]) => {
    const bytes = Buffer.concat([wav(a), ...parts])
    const [one, many] = [runFilter(createWav, [bytes]), runFilter(createWav, cut(bytes, sizes))]
    return joined(one.frames).equals(joined(many.frames)) && one.skippedBytes === many.skippedBytes
  })
  t.doesNotThrow(() => fc.assert(property, { numRuns: 200 }))
  t.end()
})

await t.test('plays what a loop of real programs writes', { skip: needs('ffmpeg', 'sox', 'flac') }, (t) => {
  const tones = ['440', '660', '880'].map(rawTone)
  const rawArgs = ['-t', 'raw', '-r', '8000', '-e', 'signed', '-b', '16', '-c', '1', '-']
  const flacArgs = [
    '--endian=little',
    '--sign=signed',
    '--channels=1',
    '--bps=16',
    '--sample-rate=8000',
    '-s',
    '-c',
    '-',
  ]
  const writers: readonly ((tone: Buffer) => Buffer)[] = [
    (tone) => runProgram('sox', [...rawArgs, '-t', 'wav', '-'], tone),
    (tone) => runProgram('ffmpeg', ['-v', 'error', '-f', 's16le', '-ar', '8000', '-i', '-', '-f', 'wav', '-'], tone),
    (tone) =>
      runProgram('flac', ['-s', '-d', '-c', '-'], runProgram('flac', ['--force-raw-format', ...flacArgs], tone)),
  ]
  for (const write of writers) {
    const { frames, skippedBytes } = runFilter(createAuto, cut(Buffer.concat(tones.map(write)), [4096]))
    t.ok(joined(frames).equals(Buffer.concat(tones)))
    t.equal(skippedBytes, 0)
  }
  t.end()
})
