import t from 'tap'
import { PcmFormatError, parsePcmFormat } from '../../filters/pcm-format.ts'

await t.test('reads cd and dat as arecord does', (t) => {
  t.strictSame(parsePcmFormat('cd'), {
    encoding: 's16le',
    rate: 44100,
    channels: 2,
    bytesPerSample: 2,
    blockBytes: 4,
    silentByte: 0,
  })
  t.strictSame(parsePcmFormat('dat'), {
    encoding: 's16le',
    rate: 48000,
    channels: 2,
    bytesPerSample: 2,
    blockBytes: 4,
    silentByte: 0,
  })
  t.end()
})

await t.test('reads the sample size of every encoding', (t) => {
  const sizes = { u8: 1, s16le: 2, s24le: 3, s32le: 4, f32le: 4, f64le: 8, mulaw: 1, alaw: 1 }
  for (const [encoding, bytes] of Object.entries(sizes)) {
    t.match(parsePcmFormat(`${encoding}:8000:3`), { encoding, bytesPerSample: bytes, blockBytes: bytes * 3 })
  }
  t.end()
})

await t.test('reports a wrong format in one line, with the right ones', (t) => {
  const cases: [string, string][] = [
    ['', '"" is not a sample format; use cd, dat or FORMAT:RATE:CHANNELS such as s16le:44100:2'],
    ['s16le:44100', '"s16le:44100" is not a sample format; use cd, dat or FORMAT:RATE:CHANNELS such as s16le:44100:2'],
    [
      's16be:44100:2',
      'samples in s16be are big-endian, which WAV does not support; use u8, s16le, s24le, s32le, f32le, f64le, mulaw, alaw',
    ],
    ['S16_LE:44100:2', '"S16_LE" is not a known sample format; use u8, s16le, s24le, s32le, f32le, f64le, mulaw, alaw'],
    [
      'toString:44100:2',
      '"toString" is not a known sample format; use u8, s16le, s24le, s32le, f32le, f64le, mulaw, alaw',
    ],
    ['s16le:999:2', 'the rate must be a whole number from 1000 to 768000 Hz, not "999"'],
    ['s16le:44.1:2', 'the rate must be a whole number from 1000 to 768000 Hz, not "44.1"'],
    ['s16le:44100:33', 'the number of channels must be a whole number from 1 to 32, not "33"'],
    ['s16le:44100:', 'the number of channels must be a whole number from 1 to 32, not ""'],
  ]
  for (const [text, message] of cases) {
    t.throws(() => parsePcmFormat(text), new PcmFormatError(message))
  }
  t.end()
})
