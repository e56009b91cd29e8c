import t from 'tap'
import { adtsDurationUs, adtsFormat, adtsFrameBytes, adtsKind } from '../../../filters/aac/adts-header.ts'

const header = (hex: string) => Buffer.from(hex, 'hex')

await t.test('reads the length of a frame from its header', (t) => {
  t.equal(adtsFrameBytes(header('fff150802ebffc'), 0), 373)
  t.equal(adtsFrameBytes(header('fff84dc02ebffe'), 0), 373, 'with a checksum, and several blocks')
  t.end()
})

await t.test('computes the duration of a frame as 1024 samples per block', (t) => {
  t.equal(adtsDurationUs(header('fff14c802ebffc'), 0), (1024 * 1e6) / 48000)
  t.equal(adtsDurationUs(header('fff14c802ebffd'), 0), (2048 * 1e6) / 48000)
  t.end()
})

await t.test('rejects headers that are reserved or too short', (t) => {
  for (const hex of ['fff1508000fffc', 'fff174802ebffc', 'fff350802ebffc', 'ffe150802ebffc', 'fef150802ebffc', 'ff']) {
    t.equal(adtsFrameBytes(header(hex), 0), 0, hex)
  }
  t.end()
})

await t.test('compares headers by their fixed part, without the length', (t) => {
  const kind = adtsKind(header('fff150802ebffc'), 0)
  t.equal(adtsKind(header('fff150810fdffc'), 0), kind)
  t.not(adtsKind(header('fff14c802ebffc'), 0), kind)
  t.not(adtsKind(header('fff150402ebffc'), 0), kind)
  t.end()
})

await t.test('names a format by object type, rate and channels', (t) => {
  const formats: [string, string][] = [
    ['fff150802ebffc', 'MPEG-4 AAC LC, 44100 Hz, stereo'],
    ['fff94c402ebffc', 'MPEG-2 AAC LC, 48000 Hz, mono'],
    ['fff111c02ebffc', 'MPEG-4 AAC Main, 44100 Hz, 8 channels'],
    ['fff1d0002ebffc', 'MPEG-4 AAC LTP, 44100 Hz, channels listed in the frames'],
  ]
  for (const [hex, format] of formats) t.equal(adtsFormat(header(hex), 0), format, hex)
  t.end()
})
