import { truncateSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { createAuto } from '../../filters/auto/auto.ts'
import { examineFile } from '../../src/stream/examine-file.ts'
import { ffmpeg } from '../filters/encoded.ts'
import { DEFAULTS } from '../filters/run-filter.ts'
import { needs } from '../programs.ts'

const OPTIONS = { filterName: 'auto', createFilter: createAuto, filterOptions: DEFAULTS, headerBytes: 0 }
const skip = needs('ffmpeg')

async function examine(path: string, bytes: Buffer) {
  writeFileSync(path, bytes)
  return examineFile(path, OPTIONS)
}

const FORMATS = {
  mp3: [/^MP3, /, ['-c:a', 'libmp3lame', '-b:a', '128k', '-f', 'mp3']],
  aac: [/AAC/, ['-c:a', 'aac', '-f', 'adts']],
  wav: [/^WAV, 16 bit/, ['-f', 'wav']],
  w64: [/16 bit/, ['-f', 'w64']],
  aiff: [/16 bit/, ['-f', 'aiff']],
  flac: [/^FLAC, 16 bit/, ['-c:a', 'flac', '-f', 'flac']],
  opus: [/Opus/, ['-c:a', 'libopus', '-f', 'ogg']],
} as const

t.test('recognizes sound by its first bytes, and estimates how long it is', { skip }, async (t) => {
  for (const [name, [pattern, args]] of Object.entries(FORMATS)) {
    const found = await examine(`${t.testdir()}/x`, ffmpeg(...args))
    if (typeof found === 'string') t.fail(`${name} is ${found}`)
    else {
      t.match(found.name, pattern, name)
      t.ok(found.seconds > 0.5 && found.seconds < 20, `${name}: ${found.seconds} s`)
    }
  }
})

t.test('finds the same format behind a picture of any size', { skip }, async (t) => {
  const path = `${t.testdir()}/x`
  const mp3 = ffmpeg('-c:a', 'libmp3lame', '-id3v2_version', '0', '-f', 'mp3')
  const plain = await examine(path, mp3)
  const size = Buffer.from([2, 0x31, 0x1d, 0]) // 5 MB
  const tag = Buffer.concat([Buffer.from('ID3\x03\0\0'), size, Buffer.alloc((2 << 21) + (0x31 << 14) + (0x1d << 7))])
  t.match(await examine(path, Buffer.concat([tag, mp3])), { format: typeof plain === 'object' ? plain.format : '' })
  const flac = ffmpeg('-c:a', 'flac', '-f', 'flac')
  const whole = await examine(path, flac)
  const picture = Buffer.concat([Buffer.from([6, 0x50, 0, 0]), Buffer.alloc(0x500000, 7)])
  const covered = Buffer.concat([flac.subarray(0, 42), picture, flac.subarray(42)])
  t.match(await examine(path, covered), { format: typeof whole === 'object' ? whole.format : '' })
})

t.test('finds sound behind a tag that claims more bytes than it has', { skip }, async (t) => {
  const mp3 = ffmpeg('-c:a', 'libmp3lame', '-id3v2_version', '0', '-f', 'mp3')
  const lie = Buffer.concat([Buffer.from('ID3\x03\0\0\x7f\x7f\x7f\x7f'), mp3])
  t.not(await examine(`${t.testdir()}/x`, Buffer.concat([mp3, mp3])), 'none')
  t.not(await examine(`${t.testdir()}/x`, lie), 'unclear')
})

t.test('finds no sound in other files, and reads little of them', { skip }, async (t) => {
  const path = `${t.testdir()}/x`
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.from('x'),
    Buffer.alloc(100_000),
    Buffer.from('la la la '.repeat(20_000)),
  ])
    t.equal(await examine(path, bytes), 'none')
  t.equal(await examine(path, ffmpeg('-c:a', 'aac', '-movflags', 'frag_keyframe+empty_moov', '-f', 'mp4')), 'none')
  truncateSync(path, 2 ** 36)
  t.type(await examineFile(path, OPTIONS), 'string')
  t.equal(await examineFile(t.testdir(), OPTIONS), 'none')
})
