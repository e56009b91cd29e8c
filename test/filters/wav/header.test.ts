import t from 'tap'
import { parsePcmFormat } from '../../../filters/pcm-format.ts'
import { endlessWavHeader } from '../../../filters/wav/header.ts'
import { needs, runProgram } from '../../programs.ts'

const FORMATS = [
  'cd',
  'u8:8000:1',
  's24le:48000:2',
  's32le:96000:1',
  'f32le:44100:2',
  'f64le:44100:1',
  'mulaw:8000:1',
  'alaw:8000:2',
  's16le:44100:3',
  's16le:48000:6',
  's16le:44100:12',
  'f32le:48000:4',
  'mulaw:8000:4',
]

/** soxi's name of each encoding. */
const SOX_ENCODING: Readonly<Record<string, string>> = {
  u8: 'Unsigned Integer PCM',
  f32le: 'Floating Point PCM',
  f64le: 'Floating Point PCM',
  mulaw: 'u-law',
  alaw: 'A-law',
}

function soxInfo(wav: Buffer, flag: '-r' | '-c' | '-e'): string {
  return runProgram('sox', ['--info', flag, '-'], wav).toString().trim()
}

await t.test('writes the plain header of 44 bytes, without an end, for two channels of 16 bits', (t) => {
  const expected = '52494646ffffffff57415645666d7420100000000100020044ac000010b102000400100064617461ffffffff'
  t.equal(endlessWavHeader(parsePcmFormat('cd')).toString('hex'), expected)
  t.end()
})

for (const name of FORMATS) {
  const format = parsePcmFormat(name)
  const samples = Buffer.from(Array.from({ length: format.blockBytes * 1000 }, (_, i) => (i * 7) & 0x3f))
  const wav = Buffer.concat([endlessWavHeader(format), samples])

  await t.test(`ffmpeg reads ${name} bit by bit`, { skip: needs('ffmpeg') }, (t) => {
    const read = ['-v', 'fatal', '-f', 'wav', '-i', '-']
    t.strictSame(runProgram('ffmpeg', [...read, '-c:a', 'copy', '-f', format.encoding, '-'], wav), samples)
    t.end()
  })

  await t.test(`sox reads the format of ${name} right`, { skip: needs('sox') }, (t) => {
    t.equal(soxInfo(wav, '-r'), String(format.rate))
    t.equal(soxInfo(wav, '-c'), String(format.channels))
    t.equal(soxInfo(wav, '-e'), SOX_ENCODING[format.encoding] ?? 'Signed Integer PCM')
    t.end()
  })
}
