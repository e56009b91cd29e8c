import t from 'tap'
import { createAuto } from '../../../filters/auto/auto.ts'
import { foreignRefusal } from '../../../filters/auto/foreign-formats.ts'
import { hiddenRefusal } from '../../../filters/auto/hidden-formats.ts'
import { needs } from '../../programs.ts'
import { ffmpeg, music } from '../encoded.ts'
import { adtsFrames, id3v2, loasFrames, mpegFrames, noise } from '../made-up.ts'
import { cut, joined, runFilter } from '../run-filter.ts'

/** 128 kbit/s at 44.1 kHz, with the bit rate left out of the headers. */
const freeFormat = Buffer.concat(mpegFrames(40, 1, Buffer.from('fffb0044', 'hex')))
const transportStream = Buffer.concat(
  Array.from({ length: 100 }, (_, i) => Buffer.concat([Buffer.from([0x47]), noise(187, i)])),
)

const starts: readonly (readonly [RegExp, Buffer | string])[] = [
  [/^Matroska or WebM/, '\x1aE\xdf\xa3\x01\0\0\0\0\0\0\x1f'],
  [/^MP4/, '\0\0\0\x20ftypM4A '],
  [/^FLV/, 'FLV\x01\x04\0\0\0\x09'],
  [/^ASF/, '0&\xb2u\x8ef\xcf\x11\xa6\xd9\0\xaa'],
  [/^AAC in ADIF/, 'ADIF\x80'],
  [/^an MPEG program stream/, '\0\0\x01\xba\x44'],
  [/^FLAC that does not begin with STREAMINFO/, 'fLaC\x04\0\0\x20'],
  [/^RIFF that is not WAV/, 'RIFF\x10\0\0\0AVI LIST'],
  [/^CAF/, 'caff\0\x01\0\0desc'],
  [/^AMR/, '#!AMR\n'],
  [/^MIDI/, 'MThd\0\0\0\x06\0\x01'],
  [/^WavPack/, 'wvpk'],
  [/^Monkey's Audio/, 'MAC \x78\x0f'],
  [/^Monkey's Audio/, 'MAC \x96\x0f'],
  [/^MPEG-TS/, transportStream],
  [/^MPEG-TS/, transportStream.subarray(100)],
  [/^MP3 in free format/, freeFormat],
  [/^MP3 in free format/, freeFormat.subarray(99)],
]

await t.test('refuses formats that cannot be joined by name, with an alternative, and sends nothing', (t) => {
  for (const [name, start] of starts) {
    const bytes = Buffer.isBuffer(start) ? start : Buffer.concat([Buffer.from(start, 'latin1'), noise(20_000, 1)])
    for (const input of [bytes, Buffer.concat([id3v2(noise(30, 1)), bytes])]) {
      for (const sizes of [[input.length], [1], [700]]) {
        const { filter, frames } = runFilter(createAuto, cut(input, sizes))
        t.match(filter.refusal, name)
        t.match(filter.refusal, /cannot be joined in the middle by players; make it MP3 \(ffmpeg: -f mp3\), or/)
        t.strictSame(frames, [])
      }
    }
  }
  t.end()
})

await t.test('refuses text in place of sound', (t) => {
  for (const [text, refusal] of [
    ['\ufeff <!DOCTYPE html>\n<html>', /HTML page/],
    ['<?xml version="1.0"?><rss>', /XML/],
    ['#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-MEDIA-SEQUENCE:1\n', /HLS playlist/],
    ['#EXTM3U\n#EXTINF:3,a\nhttp://localhost/a.mp3\n', /playlist, not sound; use -play FILE/],
    ['[playlist]\nFile1=a.mp3\n', /playlist, not sound/],
  ] as const) {
    const { filter, frames } = runFilter(createAuto, [Buffer.from(text)])
    t.match(filter.refusal, refusal)
    t.notMatch(filter.refusal, /\n/)
    t.strictSame(frames, [])
  }
  t.end()
})

await t.test('refuses neither samples, noise nor text, nor the formats that are played', (t) => {
  const square = Buffer.alloc(8192)
  for (let i = 0; i < 4096; i++) square.writeInt16LE(i % 100 < 50 ? 1025 : -1025, i * 2)
  const others = [Buffer.alloc(8192), Buffer.alloc(8192, 0xff), Buffer.alloc(8192, 'G'.repeat(3)), square, music(1)]
  for (let seed = 0; seed < 300; seed++) others.push(noise(8192, seed))
  others.push(...[mpegFrames, adtsFrames, loasFrames].map((make) => Buffer.concat(make(20, 1))))
  others.push(Buffer.from('12:00 all is well\n'.repeat(500)))
  const startedAt = performance.now()
  for (const bytes of others) {
    t.equal(hiddenRefusal(bytes.subarray(0, 8192)), undefined)
    t.equal(foreignRefusal(bytes.subarray(0, 12)), undefined)
  }
  t.ok(performance.now() - startedAt < 5000)
  t.end()
})

await t.test('sends raw samples unchanged', (t) => {
  const bytes = music(1).subarray(0, 64 * 500)
  t.ok(joined(runFilter(createAuto, cut(bytes, [1000])).frames).equals(bytes))
  t.end()
})

await t.test('recognizes what ffmpeg writes to a pipe', { skip: needs('ffmpeg') }, (t) => {
  for (const [name, args] of [
    [/^Matroska or WebM/, ['-c:a', 'libopus', '-f', 'webm']],
    [/^Matroska or WebM/, ['-c:a', 'flac', '-f', 'matroska']],
    [/^MP4/, ['-c:a', 'aac', '-movflags', 'frag_keyframe+empty_moov', '-f', 'mp4']],
    [/^MPEG-TS/, ['-c:a', 'aac', '-f', 'mpegts']],
    [/^FLV/, ['-c:a', 'aac', '-f', 'flv']],
    [/^ASF/, ['-c:a', 'wmav2', '-f', 'asf']],
  ] as const) {
    t.match(runFilter(createAuto, cut(ffmpeg(...args), [4096])).filter.refusal, name)
  }
  t.end()
})
