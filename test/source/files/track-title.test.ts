import { spawnSync } from 'node:child_process'
import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { titleOf as titleInCharset } from '../../../src/source/files/track-title.ts'
import type { Track } from '../../../src/source/files/tracks.ts'
import { music } from '../../filters/encoded.ts'
import { needs, runProgram } from '../../programs.ts'

const titleOf = (track: Track) => titleInCharset(track, 'windows-1252')

const SAMPLES = music(0.5)
const RAW = ['-f', 's16le', '-ar', '44100', '-ac', '2', '-i', '-']

function ffmpeg(file: string, ...args: readonly string[]): string {
  runProgram('ffmpeg', ['-v', 'error', '-y', ...RAW, ...args, file], SAMPLES)
  return file
}

const named = (artist: string, title: string) => ['-metadata', `artist=${artist}`, '-metadata', `title=${title}`]

/** Artist and title in several scripts. */
const NAMES = [
  ['Nina Simone', 'Sinnerman'],
  ['Björk', 'Jóga'],
  ['Кино', 'Группа крови'],
  ['王菲', '容易受傷的女人'],
  ['🎸 Band', '🎵 & "quotes" 👩‍👩‍👧'],
] as const

/** Arguments of ffmpeg, by the extension of the file. */
const FORMATS = {
  'v23.mp3': ['-id3v2_version', '3'],
  'v24.mp3': ['-id3v2_version', '4', '-write_id3v1', '1'],
  'id3.aac': ['-f', 'adts', '-write_id3v2', '1'],
  'list.wav': [],
  'id3.wav': ['-write_id3v2', '1'],
} as const

t.test('reads artist and title from tags of any kind, in any script', { skip: needs('ffmpeg') }, async (t) => {
  const folder = t.testdir({})
  for (const [name, args] of Object.entries(FORMATS)) {
    for (const [artist, title] of NAMES) {
      const path = ffmpeg(`${folder}/${name}`, ...args, ...named(artist, title))
      t.equal(await titleOf({ path, listedTitle: 'listed' }), `${artist} - ${title}`, name)
    }
  }
})

t.test('reads tags as lame writes them', { skip: needs('lame') }, async (t) => {
  const folder = t.testdir({})
  const raw = ['--quiet', '-r', '-s', '44.1']
  const tags = ['--tt', 'Sinnerman', '--ta', 'Nina Simone']
  runProgram('lame', [...raw, '--id3v1-only', ...tags, '-', `${folder}/v1.mp3`], SAMPLES)
  runProgram('lame', [...raw, '--id3v2-only', ...tags, '-', `${folder}/v2.mp3`], SAMPLES)
  runProgram('lame', [...raw, '--id3v2-only', '--id3v2-utf16', ...tags, '-', `${folder}/utf16.mp3`], SAMPLES)
  for (const name of ['v1.mp3', 'v2.mp3', 'utf16.mp3'])
    t.equal(await titleOf({ path: `${folder}/${name}` }), 'Nina Simone - Sinnerman', name)
})

t.test('takes the title from the list or the file name when tags have none', { skip: needs('ffmpeg') }, async (t) => {
  const folder = t.testdir({})
  const path = ffmpeg(`${folder}/07. Sinner man.mp3`, '-metadata', 'artist=Nina Simone')
  t.equal(await titleOf({ path, listedTitle: 'Nina - Sinnerman' }), 'Nina - Sinnerman')
  t.equal(await titleOf({ path, listedTitle: ' ' }), '07. Sinner man')
  t.equal(await titleOf({ path }), '07. Sinner man')
  t.equal(await titleOf({ path: ffmpeg(`${folder}/a.mp3`, '-metadata', 'title=Sinnerman') }), 'Sinnerman')
})

t.test('returns a title of one line of limited length', { skip: needs('ffmpeg') }, async (t) => {
  const folder = t.testdir({})
  const path = ffmpeg(`${folder}/a.mp3`, ...named('a\nb\u0007', ' c\u2028d\u0085e '))
  t.equal(await titleOf({ path }), 'a b - c d e')
  const long = ffmpeg(`${folder}/b.mp3`, ...named('🎵'.repeat(200), '🎵'.repeat(200)))
  t.equal(Array.from(await titleOf({ path: long })).length, 300)
  t.equal(await titleOf({ path: '/no/such/a\nb.mp3' }), 'a b')
})

t.test('takes the name as title of a broken or missing file, and of anything else', async (t) => {
  const junk = Buffer.from(Array.from({ length: 50_000 }, (_, i) => (Math.imul(i, 2_654_435_761) >>> 13) & 255))
  const names = ['mp3', 'ogg', 'opus', 'flac', 'wav', 'aac', 'm4a', 'xyz'].map((extension) => `song.${extension}`)
  const folder = t.testdir({ 'folder.mp3': {} })
  for (const name of names) {
    const path = `${folder}/${name}`
    for (const bytes of [
      junk,
      Buffer.alloc(0),
      Buffer.alloc(10),
      Buffer.from('ID3\x04\0\0\x7f\x7f\x7f\x7f'),
      Buffer.from('OggS'),
    ]) {
      writeFileSync(path, bytes)
      t.equal(await titleOf({ path }), 'song', name)
    }
  }
  t.equal(await titleOf({ path: `${folder}/folder.mp3` }), 'folder')
  t.equal(await titleOf({ path: `${folder}/missing.mp3` }), 'missing')
  t.equal(await titleOf({ path: 'a\0b.mp3' }), 'a b')
})

t.test('returns a title for a file that is cut off anywhere', { skip: needs('ffmpeg') }, async (t) => {
  const folder = t.testdir({})
  for (const [name, args] of Object.entries(FORMATS)) {
    const path = ffmpeg(`${folder}/${name}`, ...args, ...named('A', 'T'))
    const { length } = readFileSync(path)
    for (let end = Math.min(length, 700); end >= 0; end -= 23) {
      truncateSync(path, end)
      t.match(await titleOf({ path }), /^(A - T|T|v2[34]|id3|list)$/, `${name} ${end}`)
    }
  }
})

t.test('does not wait for a FIFO without a writer', async (t) => {
  const path = `${t.testdir({})}/fifo.mp3`
  spawnSync('mkfifo', [path])
  t.equal(await titleOf({ path }), 'fifo')
})

t.test('reads little of a file of any size', async (t) => {
  const path = `${t.testdir({})}/zeros.mp3`
  writeFileSync(path, '')
  // 64 GiB of zeros (sparse), which would take longer to scan than the test may run.
  truncateSync(path, 2 ** 36)
  t.equal(await titleOf({ path }), 'zeros')
})
