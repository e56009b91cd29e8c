/** File names in any encoding, and playlists by many kinds of programs. */
import { mkdirSync, writeFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { createPlaylistSource } from '../../../src/source/files/playlist.ts'
import { tracksAt } from '../../../src/source/files/tracks.ts'
import { systemClock } from '../../../src/system/clock.ts'
import { keepLog } from '../../kept-log.ts'

const NOBODY_STOPS = new AbortController().signal

/** Plays some openings. @returns the contents of the files, and their titles */
async function play(count: number, paths: readonly string[], tagCharset = 'windows-1252') {
  const options = { shuffle: false, loop: true, tagCharset }
  const source = await createPlaylistSource(paths, options, systemClock, keepLog().logger)
  const heard: (readonly [text: string, title: string | undefined])[] = []
  for (let i = 0; i < count; i++) {
    const { chunks, title } = await source.open(NOBODY_STOPS)
    let text = ''
    for await (const chunk of chunks) text += chunk.toString()
    heard.push([text, title])
  }
  return heard
}

/** Writes a file whose name is in Latin-1. */
function writeLatin1(folder: string, name: string, text: string): void {
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, 'latin1')]), text)
}

function folderOf(t: Test, ...names: readonly string[]): string {
  return t.testdir(Object.fromEntries(names.map((name) => [name, name])))
}

t.test('plays files and folders whose names are not UTF-8', async (t) => {
  const folder = t.testdir({ 'a.mp3': 'a', 'z.mp3': 'z' })
  const sub = Buffer.from(`${folder}/m\xfcsik`, 'latin1')
  writeLatin1(folder, 'caf\xe9.mp3', 'b')
  mkdirSync(sub)
  writeFileSync(Buffer.concat([sub, Buffer.from('/\xff.mp3', 'latin1')]), 'c')
  const heard = await play(5, [folder])
  t.strictSame(new Set(heard.map(([text]) => text)), new Set(['a', 'b', 'c', 'z']))
  t.strictSame(
    heard.find(([text]) => text === 'b'),
    ['b', 'café'],
  )
})

t.test('finds a single file whose name is not UTF-8', async (t) => {
  const folder = t.testdir({ 'a.mp3': 'a' })
  writeLatin1(folder, 'caf\xe9.mp3', 'b')
  t.strictSame(await play(1, [`${folder}/caf\ufffd.mp3`]), [['b', 'café']])
  await t.rejects(play(1, [`${folder}/x\ufffd.mp3`]), { message: /does not exist/ })
})

t.test('plays a list of VLC with percent-encoded names', async (t) => {
  const folder = folderOf(t, 'Hans Zimmer - Time.mp3', 'Café.mp3', '50%25.mp3')
  writeFileSync(
    `${folder}/vlc.m3u8`,
    '#EXTM3U\n#EXTINF:3,Hans Zimmer - Time\nHans%20Zimmer%20-%20Time.mp3\nCaf%C3%A9.mp3\n50%25.mp3\n',
  )
  t.strictSame(await play(3, [`${folder}/vlc.m3u8`]), [
    ['Hans Zimmer - Time.mp3', 'Hans Zimmer - Time'],
    ['Café.mp3', 'Café'],
    ['50%25.mp3', '50%25'],
  ])
})

t.test('plays a list in UTF-16', async (t) => {
  const folder = folderOf(t, 'Café.mp3', '王菲.mp3')
  const list = '#EXTM3U\r\n#EXTINF:1,Ж\r\nCafé.mp3\r\n王菲.mp3\r\n'
  for (const bytes of [Buffer.from(list, 'utf16le'), Buffer.from(`\ufeff${list}`, 'utf16le').swap16()]) {
    writeFileSync(`${folder}/a.m3u`, bytes)
    t.strictSame(await play(2, [`${folder}/a.m3u`]), [
      ['Café.mp3', 'Ж'],
      ['王菲.mp3', '王菲'],
    ])
  }
})

t.test('plays a list in Latin-1 or another charset, for any encoding of the names on disk', async (t) => {
  const folder = folderOf(t, 'Café.mp3', 'Песня.mp3')
  writeFileSync(`${folder}/a.m3u`, Buffer.from('Caf\xe9.mp3', 'latin1'))
  t.strictSame(await play(1, [`${folder}/a.m3u`]), [['Café.mp3', 'Café']])
  writeFileSync(`${folder}/b.m3u`, Buffer.from([0xcf, 0xe5, 0xf1, 0xed, 0xff, 0x2e, 0x6d, 0x70, 0x33]))
  t.strictSame(await play(1, [`${folder}/b.m3u`], 'windows-1251'), [['Песня.mp3', 'Песня']])
  writeLatin1(folder, 'raw\xe9.mp3', 'raw')
  writeFileSync(`${folder}/c.m3u`, Buffer.from('raw\xe9.mp3', 'latin1'))
  t.strictSame(await play(1, [`${folder}/c.m3u`]), [['raw', 'rawé']])
})

t.test('plays an entry that begins with # when there is such a file', async (t) => {
  const folder = folderOf(t, '#1 Crush.mp3', 'plain.mp3')
  writeFileSync(`${folder}/a.m3u`, '#1 Crush.mp3\n#2 comment.mp3\n# comment\nplain.mp3\n')
  t.strictSame(
    (await play(3, [`${folder}/a.m3u`])).map(([text]) => text),
    ['#1 Crush.mp3', 'plain.mp3', '#1 Crush.mp3'],
  )
})

t.test('reads a list of any size up to a bound, while other work has its turns', async (t) => {
  const list = `${t.testdir()}/a.m3u`
  const warnings: string[] = []
  const lookUp = {
    tagCharset: 'windows-1252',
    warn: (what: string) => void warnings.push(what),
    leaveOut: () => {},
  }
  let turns = 0
  let isDone = false
  const count = () => {
    turns++
    if (!isDone) setImmediate(count)
  }
  writeFileSync(list, '#\n'.repeat(9_000_000))
  count()
  t.strictSame(await tracksAt(list, lookUp, 1_000), [])
  t.ok(turns > 500, `${turns} turns`)
  t.strictSame(warnings, ['list truncated'])
  writeFileSync(list, 'a.mp3\n'.repeat(100_000))
  t.equal((await tracksAt(list, lookUp, 1_000)).length, 1_000)
  isDone = true
})

t.test('plays a list in PLS', async (t) => {
  const folder = folderOf(t, 'a.mp3', 'b c.mp3')
  writeFileSync(
    `${folder}/x.pls`,
    '[playlist]\r\nFile1=a.mp3\r\nTitle1=The A\r\nFile2=b%20c.mp3\r\nNumberOfEntries=2\r\n',
  )
  t.strictSame(await play(2, [`${folder}/x.pls`]), [
    ['a.mp3', 'The A'],
    ['b c.mp3', 'b c'],
  ])
})

t.test('refuses at launch a file that cannot be played, and names the playable formats', async (t) => {
  const folder = t.testdir({ 'x.cue': '', 'x.xspf': '', 'empty.pls': '[playlist]\n' })
  const cases = { 'x.cue': 'cue sheet', 'x.xspf': '.m3u8', 'empty.pls': 'no entry' }
  for (const [name, why] of Object.entries(cases))
    await t.rejects(play(1, [`${folder}/${name}`]), { name: 'SourceError', message: new RegExp(`${name}.*${why}`) })
})
