import t from 'tap'
import { createWav } from '../../../filters/wav/wav.ts'
import { needs, runProgram } from '../../programs.ts'
import { complaints, decoded, framed, joinAt } from '../ogg/encoded-ogg.ts'

/** Output of real programs, through the filter, as a new listener receives it. */

const skip = needs('ffmpeg', 'sox')

/** ffmpeg's codec; the filter's name of the format; whether the format needs the extensible header. */
const FORMATS: readonly [codec: string, channels: number, format: string, extensible: boolean][] = [
  ['u8', 1, '8 bit, 44100 Hz, mono', false],
  ['u8', 2, '8 bit, 44100 Hz, stereo', false],
  ['s16le', 1, '16 bit, 44100 Hz, mono', false],
  ['s16le', 6, '16 bit, 44100 Hz, 6 channels', true],
  ['s24le', 2, '24 bit, 44100 Hz, stereo', true],
  ['s24le', 8, '24 bit, 44100 Hz, 8 channels', true],
  ['s32le', 2, '32 bit, 44100 Hz, stereo', true],
  ['f32le', 2, 'float 32 bit, 44100 Hz, stereo', false],
  ['f32le', 4, 'float 32 bit, 44100 Hz, 4 channels', true],
  ['f64le', 1, 'float 64 bit, 44100 Hz, mono', false],
  ['mulaw', 1, 'mu-law 8 bit, 44100 Hz, mono', false],
  ['alaw', 2, 'A-law 8 bit, 44100 Hz, stereo', false],
]

/** Number of loudspeakers in a channel mask. */
function loudspeakers(mask: number): number {
  return mask.toString(2).replaceAll('0', '').length
}

function tone(...args: readonly string[]): Buffer {
  return runProgram('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'sine=d=0.3', ...args, '-'])
}

for (const [codec, channels, format, extensible] of FORMATS) {
  for (const container of [['wav'], ['wav', '-rf64', 'always']]) {
    await t.test(`passes on ${codec} of ${channels} channels in ${container.join(' ')} unchanged`, { skip }, (t) => {
      const wanted = ['-c:a', `pcm_${codec}`, '-ac', String(channels)]
      const samples = tone(...wanted, '-f', codec)
      const stream = framed(createWav, tone(...wanted, '-f', ...container))
      t.equal(stream.filter.format, format)
      t.equal(stream.filter.skippedBytes, 0)
      const joined = joinAt(stream, 3) ?? Buffer.alloc(0)
      const heard = decoded(joined, 'ffmpeg', '-v', 'fatal', '-f', 'wav', '-i', '-', '-c:a', 'copy', '-f', codec, '-')
      t.ok(heard.length > 0 && heard.equals(samples.subarray(-heard.length)))
      t.equal(complaints(joined, 'sox', '--ignore-length', '-t', 'wav', '-', '-n', 'stat').includes('FAIL'), false)
      const isExtensible = joined.readUInt16LE(20) === 0xfffe
      t.ok(isExtensible || !extensible)
      if (isExtensible) t.equal(loudspeakers(joined.readUInt32LE(40)), channels)
      t.end()
    })
  }
}

await t.test('replaces a plain header by an extensible one where the samples need it', (t) => {
  const fields = [1, 0, 4, 0, 0x44, 0xac, 0, 0, 0x20, 0x62, 5, 0, 8, 0, 16, 0]
  const fmt = Buffer.concat([Buffer.from('fmt '), Buffer.from([16, 0, 0, 0]), Buffer.from(fields)])
  const head = Buffer.concat([Buffer.from('RIFF\xff\xff\xff\xffWAVE', 'latin1'), fmt, Buffer.from('data\0\0\0\0')])
  const header = joinAt(framed(createWav, Buffer.concat([head, Buffer.alloc(2048)])), 0) ?? Buffer.alloc(0)
  t.equal(header.toString('hex', 16, 22), '28000000feff')
  t.equal(header.toString('hex', 22, 36), Buffer.from(fields).toString('hex', 2))
  t.equal(header.toString('hex', 36, 46), '16001000330000000100')
  t.end()
})
