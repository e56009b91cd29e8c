import t from 'tap'
import { adtsDurationUs, adtsFormat, adtsFrameBytes, adtsKind } from '../../../filters/aac/adts-header.ts'

const header = (hex: string) => Buffer.from(hex, 'hex')

await t.test('a header says how long its frame is', (t) => {
  t.equal(adtsFrameBytes(header('fff150802ebffc'), 0), 373)
  t.equal(adtsFrameBytes(header('fff84dc02ebffe'), 0), 373, 'with a checksum, and several blocks')
  t.end()
})

await t.test('a frame lasts 1024 samples a block', (t) => {
  t.equal(adtsDurationUs(header('fff14c802ebffc'), 0), (1024 * 1e6) / 48000)
  t.equal(adtsDurationUs(header('fff14c802ebffd'), 0), (2048 * 1e6) / 48000)
  t.end()
})

await t.test('what is reserved or too short is no header', (t) => {
  for (const hex of ['fff1508000fffc', 'fff174802ebffc', 'fff350802ebffc', 'ffe150802ebffc', 'fef150802ebffc', 'ff']) {
    t.equal(adtsFrameBytes(header(hex), 0), 0, hex)
  }
  t.end()
})

await t.test('headers are of one kind when the fixed part is the same, whatever the length', (t) => {
  const kind = adtsKind(header('fff150802ebffc'), 0)
  t.equal(adtsKind(header('fff150810fdffc'), 0), kind)
  t.not(adtsKind(header('fff14c802ebffc'), 0), kind)
  t.not(adtsKind(header('fff150402ebffc'), 0), kind)
  t.end()
})

await t.test('a format is the object type, the rate and the channels', (t) => {
  const formats: [string, string][] = [
    ['fff150802ebffc', 'MPEG-4 AAC LC, 44100 Hz, stereo'],
    ['fff94c402ebffc', 'MPEG-2 AAC LC, 48000 Hz, mono'],
    ['fff111c02ebffc', 'MPEG-4 AAC Main, 44100 Hz, 8 channels'],
    ['fff1d0002ebffc', 'MPEG-4 AAC LTP, 44100 Hz, channels listed in the frames'],
  ]
  for (const [hex, format] of formats) t.equal(adtsFormat(header(hex), 0), format, hex)
  t.end()
})
