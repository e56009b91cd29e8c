import t from 'tap'
import { createFrameFile } from '../../../filters/create-frame-file.ts'
import { mpegFrameBytes } from '../../../filters/mpeg/header.ts'
import { createMp3 } from '../../../filters/mpeg/mp3.ts'
import { needs } from '../../programs.ts'
import { joined, runFilter } from '../run-filter.ts'
import { completed, fileOf, placeOf } from './cut-files.ts'
import { type EncodingName, encodedFrames } from './encodings.ts'
import { play, written } from './players.ts'

const skip = needs('lame', 'ffmpeg')
/** Position of `Info` in a stereo frame of MPEG-1, in bytes. */
const INFO_AT = 36

/** CRC-16 with the polynomial 0xa001, least significant bit first, bit by bit. */
function slowCrc(bytes: Buffer): number {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >> 1) ^ 0xa001 : crc >> 1
  }
  return crc
}

function framesIn(bytes: Buffer): Buffer[] {
  const frames: Buffer[] = []
  for (let at = 0; at < bytes.length; at += frames.at(-1)?.length ?? bytes.length) {
    frames.push(bytes.subarray(at, at + mpegFrameBytes(bytes, at)))
  }
  return frames
}

t.test('the first frame of a complete file counts all frames and bytes', { skip }, async (t) => {
  for (const [name, tag] of [
    ['mp3', 'Info'],
    ['mp3 of a varying rate', 'Xing'],
  ] as const satisfies (readonly [EncodingName, string])[]) {
    const { bytes } = fileOf(encodedFrames(name, 4), 50, 120)
    const all = framesIn(bytes)
    const [info = Buffer.alloc(0)] = all
    t.equal(info.toString('latin1', INFO_AT, INFO_AT + 4), tag)
    t.equal(all.length, 1 + 2 + 70, 'the tag, a lead-in, a frame for decoders, and all frames')
    t.equal(info.readUInt32BE(INFO_AT + 8), 72)
    t.equal(info.readUInt32BE(INFO_AT + 12), bytes.length)
    const lame = INFO_AT + 120
    t.equal(info.readUIntBE(lame + 21, 3) >> 12, 2 * 1152 - 529)
    t.equal(info.readUIntBE(lame + 21, 3) & 0xfff, 529)
    t.equal(info.readUInt32BE(lame + 28), bytes.length)
    t.equal(info.readUInt16BE(lame + 32), slowCrc(bytes.subarray(info.length)))
    t.equal(info.readUInt16BE(lame + 34), slowCrc(info.subarray(0, lame + 34)))
  }
})

t.test('the table of contents finds each hundredth of the time', { skip }, async (t) => {
  const { bytes } = fileOf(encodedFrames('mp3 of a varying rate', 60), 100, 2200)
  const all = framesIn(bytes)
  const table = (all[0] ?? Buffer.alloc(0)).subarray(INFO_AT + 16, INFO_AT + 116)
  const sound = all.slice(1)
  const positions = sound.map((_, i) => joinedLength(all.slice(0, i + 1)))
  const wrong = [...table].filter((entry, i) => {
    const frame = Math.floor((sound.length * i) / 100)
    return Math.abs(entry - ((positions[frame] ?? 0) * 256) / bytes.length) > 2
  })
  t.same(wrong, [])
})

t.test('a growing file plays the same samples behind those that a complete one leaves out', { skip }, async (t) => {
  const frames = encodedFrames('mp3', 4)
  const { unfinished, bytes } = fileOf(frames, 50, 120)
  const folder = t.testdir()
  const samples = play('ffmpeg', written(folder, 'whole.mp3', bytes))
  const growing = play('ffmpeg', written(folder, 'growing.mp3', unfinished))
  const more = growing.length - samples.length
  t.ok(more <= 2 * 1152 * 4)
  t.ok(growing.subarray(more).equals(samples))
})

t.test('a file of the first frame of a stream begins with silence that is left out', { skip }, async (t) => {
  const frames = encodedFrames('mp3', 4)
  const { bytes } = fileOf(frames, 0, 100)
  const folder = t.testdir()
  t.equal(play('ffmpeg', written(folder, 'a.mp3', bytes)).length, 100 * 1152 * 4)
})

t.test('the filter removes the first frame of a file again', { skip }, async (t) => {
  const frames = encodedFrames('mp3', 4)
  const { bytes } = fileOf(frames, 50, 120)
  const again = runFilter(createMp3, [bytes])
  t.ok(joined(again.frames.slice(2)).equals(joined(frames.frames.slice(50, 120))))
})

t.test('a lead-in behind missed frames counts as a frame', { skip }, async (t) => {
  const frames = encodedFrames('mp3', 4)
  const bytesOf = (from: number, to: number) => frames.frames.slice(from, to).map((frame) => frame.bytes)
  const file = createFrameFile(placeOf(frames, 20))
  if (file === undefined) throw new Error('no file')
  const parts = [file.head, ...file.add(bytesOf(20, 40))]
  parts.push(file.rejoin(placeOf(frames, 80), 40) ?? Buffer.alloc(0), ...file.add(bytesOf(80, 100)))
  const bytes = completed(Buffer.concat(parts), file)
  t.equal(framesIn(bytes).length - 1, bytes.readUInt32BE(INFO_AT + 8))
  t.equal(play('ffmpeg', written(t.testdir(), 'a.mp3', bytes)).length, 41 * 1152 * 4)
})

t.test('files of Layer II are plain', { skip }, async (t) => {
  const frames = encodedFrames('mp2', 4)
  const { bytes, extension } = fileOf(frames, 20, 100)
  t.equal(extension, '.mp2')
  t.ok(bytes.equals(joined(frames.frames.slice(20, 100))))
})

function joinedLength(buffers: readonly Buffer[]): number {
  return buffers.reduce((sum, { length }) => sum + length, 0)
}
