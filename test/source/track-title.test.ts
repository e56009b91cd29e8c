import { spawnSync } from 'node:child_process'
import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { loadTitles } from '../../src/source/track-title.ts'
import { music } from '../filters/encoded.ts'
import { createManualClock } from '../manual-clock.ts'
import { needs, runProgram } from '../programs.ts'

// Time stands still: a busy machine may take as long as it needs.
const titleOf = await loadTitles(createManualClock())

const SAMPLES = music(0.5)
const RAW = ['-f', 's16le', '-ar', '44100', '-ac', '2', '-i', '-']

function ffmpeg(file: string, ...args: readonly string[]): string {
  runProgram('ffmpeg', ['-v', 'error', '-y', ...RAW, ...args, file], SAMPLES)
  return file
}

const named = (artist: string, title: string) => ['-metadata', `artist=${artist}`, '-metadata', `title=${title}`]

/** In several scripts, each as artist and title. */
const NAMES = [
  ['Nina Simone', 'Sinnerman'],
  ['Björk', 'Jóga'],
  ['Кино', 'Группа крови'],
  ['王菲', '容易受傷的女人'],
  ['🎸 Band', '🎵 & "quotes" 👩‍👩‍👧'],
] as const

/** What ffmpeg is told, by the extension of the file. */
const FORMATS = {
  'v23.mp3': ['-id3v2_version', '3'],
  'v24.mp3': ['-id3v2_version', '4', '-write_id3v1', '1'],
  'id3.aac': ['-f', 'adts', '-write_id3v2', '1'],
  'vorbis.ogg': ['-c:a', 'libvorbis'],
  'ogg.opus': ['-c:a', 'libopus'],
  'native.flac': [],
} as const

t.test('artist and title are read from tags of any kind, in any script', { skip: needs('ffmpeg') }, async (t) => {
  const folder = t.testdir({})
  for (const [name, args] of Object.entries(FORMATS)) {
    for (const [artist, title] of NAMES) {
      const path = ffmpeg(`${folder}/${name}`, ...args, ...named(artist, title))
      t.equal(await titleOf({ path, listedTitle: 'listed' }), `${artist} - ${title}`, name)
    }
  }
  const wav = ffmpeg(`${folder}/list.wav`, ...named('Nina Simone', 'Sinnerman'))
  t.equal(await titleOf({ path: wav }), 'Nina Simone - Sinnerman')
})

t.test(
  'tags are read as lame, opusenc, oggenc and flac write them',
  { skip: needs('lame', 'opusenc', 'oggenc', 'flac', 'metaflac') },
  async (t) => {
    const folder = t.testdir({})
    const raw = ['--quiet', '-r', '-s', '44.1']
    const tags = ['--tt', 'Sinnerman', '--ta', 'Nina Simone']
    runProgram('lame', [...raw, '--id3v1-only', ...tags, '-', `${folder}/v1.mp3`], SAMPLES)
    runProgram('lame', [...raw, '--id3v2-only', ...tags, '-', `${folder}/v2.mp3`], SAMPLES)
    runProgram('lame', [...raw, '--id3v2-only', '--id3v2-utf16', ...tags, '-', `${folder}/utf16.mp3`], SAMPLES)
    const comments = ['--title', 'Sinnerman', '--artist', 'Nina Simone', '-o']
    runProgram(
      'opusenc',
      [
        '--quiet',
        '--raw',
        '--raw-rate',
        '44100',
        '--title',
        'Sinnerman',
        '--artist',
        'Nina Simone',
        '-',
        `${folder}/a.opus`,
      ],
      SAMPLES,
    )
    runProgram('oggenc', ['--quiet', '-r', '-R', '44100', ...comments, `${folder}/a.ogg`, '-'], SAMPLES)
    const flac = [
      '-s',
      '--force-raw-format',
      '--endian=little',
      '--sign=signed',
      '--channels=2',
      '--bps=16',
      '--sample-rate=44100',
    ]
    runProgram('flac', [...flac, '-o', `${folder}/a.flac`, '-'], SAMPLES)
    runProgram('metaflac', ['--set-tag=TITLE=Sinnerman', '--set-tag=ARTIST=Nina Simone', `${folder}/a.flac`])
    for (const name of ['v1.mp3', 'v2.mp3', 'utf16.mp3', 'a.opus', 'a.ogg', 'a.flac']) {
      t.equal(await titleOf({ path: `${folder}/${name}` }), 'Nina Simone - Sinnerman', name)
    }
  },
)

t.test(
  'without a title in its tags a track is called as its list says, or by its file',
  { skip: needs('ffmpeg') },
  async (t) => {
    const folder = t.testdir({})
    const path = ffmpeg(`${folder}/07. Sinner man.mp3`, '-metadata', 'artist=Nina Simone')
    t.equal(await titleOf({ path, listedTitle: 'Nina - Sinnerman' }), 'Nina - Sinnerman')
    t.equal(await titleOf({ path, listedTitle: ' ' }), '07. Sinner man')
    t.equal(await titleOf({ path }), '07. Sinner man')
    t.equal(await titleOf({ path: ffmpeg(`${folder}/a.mp3`, '-metadata', 'title=Sinnerman') }), 'Sinnerman')
  },
)

t.test('a title is one line of bearable length', { skip: needs('ffmpeg') }, async (t) => {
  const folder = t.testdir({})
  const path = ffmpeg(`${folder}/a.flac`, ...named('a\nb\u0007', ' c\u2028d\u0085e '))
  t.equal(await titleOf({ path }), 'a b - c d e')
  const long = ffmpeg(`${folder}/b.flac`, ...named('🎵'.repeat(200), '🎵'.repeat(200)))
  t.equal(Array.from(await titleOf({ path: long })).length, 300)
  t.equal(await titleOf({ path: '/no/such/a\nb.mp3' }), 'a b')
})

t.test('what is broken, missing or no file at all goes by its name', async (t) => {
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

t.test('a file that is cut off anywhere has a title', { skip: needs('ffmpeg') }, async (t) => {
  const folder = t.testdir({})
  for (const [name, args] of Object.entries(FORMATS)) {
    const path = ffmpeg(`${folder}/${name}`, ...args, ...named('A', 'T'))
    const { length } = readFileSync(path)
    for (let end = Math.min(length, 700); end >= 0; end -= 23) {
      truncateSync(path, end)
      t.match(await titleOf({ path }), /^(A - T|T|v2[34]|id3|vorbis|ogg|native)$/, `${name} ${end}`)
    }
  }
})

t.test('a FIFO that nobody writes to is not waited for', async (t) => {
  const path = `${t.testdir({})}/fifo.mp3`
  spawnSync('mkfifo', [path])
  t.equal(await titleOf({ path }), 'fifo')
})

t.test('a file that is not read in 250 ms goes by its name', async (t) => {
  const path = `${t.testdir({})}/zeros.mp3`
  writeFileSync(path, '')
  // Half an hour of nothing, which takes longer to look through than the test.
  truncateSync(path, 2 ** 36)
  const clock = createManualClock()
  const title = (await loadTitles(clock))({ path })
  t.equal(await Promise.race([title, clock.advance(249)]), undefined)
  await clock.advance(1)
  t.equal(await title, 'zeros')
})
