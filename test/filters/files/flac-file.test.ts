import t from 'tap'
import { createFrameFile } from '../../../filters/create-frame-file.ts'
import { headerOfFrame } from '../../../filters/flac/header.ts'
import { INFO_AT } from '../../../filters/flac/start.ts'
import { StreamTotals } from '../../../filters/flac/streaminfo.ts'
import { needs, runProgram } from '../../programs.ts'
import { fileOf, placeOf } from './cut-files.ts'
import { encodedFrames } from './encodings.ts'
import { written } from './players.ts'

const skip = needs('ffmpeg', 'flac', 'metaflac')
/** Number of samples after which numbers begin at 0 again. */
const NUMBERS = 2 ** 31

t.test('a complete file has its totals, and numbers from 0', { skip }, async (t) => {
  const frames = encodedFrames('flac', 4)
  const { bytes } = fileOf(frames, 3, 20)
  const path = written(t.testdir(), 'a.flac', bytes)
  const list = runProgram('metaflac', ['--list', path]).toString()
  const sizes = frames.frames.slice(3, 20).map((frame) => frame.bytes.length)
  for (const line of ['minimum blocksize: 4608 samples', `total samples: ${17 * 4608}`]) t.match(list, line)
  t.match(list, `maximum framesize: ${Math.max(...sizes)} bytes`)
  t.equal(headerOfFrame(bytes.subarray(42))?.number, 0)
  runProgram('flac', ['-t', '-s', path])
})

t.test('numbers go on behind frames that were missed', { skip }, async (t) => {
  const frames = encodedFrames('flac', 4)
  const file = createFrameFile(placeOf(frames, 0))
  const bytesOf = (from: number, to: number) => frames.frames.slice(from, to).map((frame) => frame.bytes)
  const parts = [file?.head ?? Buffer.alloc(0), ...(file?.add(bytesOf(0, 5)) ?? [])]
  const between = file?.rejoin(placeOf(frames, 12), 5)
  const [next] = file?.add(bytesOf(12, 20)) ?? []
  t.equal(between?.length, 0)
  t.equal(parts.length, 6)
  t.equal(next && headerOfFrame(next)?.number, 5 * 4608)
})

t.test('numbers begin at 0 again when decoders cannot read longer ones', { skip }, async (t) => {
  const frames = encodedFrames('flac', 1)
  const file = createFrameFile(placeOf(frames, 0))
  const frame = frames.frames[0]?.bytes ?? Buffer.alloc(0)
  const short = [frame]
  const blocks = Math.ceil(NUMBERS / 4608)
  for (let i = 0; i < blocks - 1; i++) file?.add(short)
  const [before, after] = file?.add([frame, frame]) ?? []
  t.equal(before && headerOfFrame(before)?.number, (blocks - 1) * 4608)
  t.equal(after && headerOfFrame(after)?.number, blocks * 4608 - NUMBERS)
})

t.test('more samples than STREAMINFO can count are unknown', async (t) => {
  const totals = new StreamTotals()
  totals.add(4096, 100)
  totals.samples = 2 ** 36
  const bytes = Buffer.alloc(42)
  totals.write(bytes, INFO_AT)
  t.equal(bytes.readUIntBE(INFO_AT + 13, 5), 0)
  totals.samples = 2 ** 36 - 1
  totals.write(bytes, INFO_AT)
  t.equal(bytes.readUIntBE(INFO_AT + 13, 5), 2 ** 36 - 1)
})
