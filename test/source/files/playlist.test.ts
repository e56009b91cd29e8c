import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import t from 'tap'
import { createPlaylistSource, type PlayOptions } from '../../../src/source/files/playlist.ts'
import { type Source, SourceError } from '../../../src/source/source.ts'
import { systemClock } from '../../../src/system/clock.ts'
import { keepLog } from '../../kept-log.ts'
import { createManualClock } from '../../manual-clock.ts'

const FOREVER: PlayOptions = { shuffle: false, loop: true, tagCharset: 'windows-1252' }
const NOBODY_STOPS = new AbortController().signal

function play(paths: readonly string[], order: Partial<PlayOptions> = {}, random?: () => number): Promise<Source> {
  return createPlaylistSource(paths, { ...FOREVER, ...order }, systemClock, keepLog().logger, undefined, random)
}

/** Opens the next file and reads all of it. */
async function playOne(source: Source) {
  const { chunks, title, about } = await source.open(NOBODY_STOPS)
  const bytes: Buffer[] = []
  for await (const chunk of chunks) bytes.push(chunk)
  return { text: Buffer.concat(bytes).toString(), title, about, chunks: bytes }
}

async function playSome(source: Source, count: number): Promise<string> {
  const texts: string[] = []
  for (let i = 0; i < count; i++) {
    texts.push(
      await playOne(source).then(
        ({ text }) => text,
        (error: SourceError) => `(${error.message})`,
      ),
    )
  }
  return texts.join(' ')
}

const refusal = (paths: readonly string[]) =>
  play(paths).then(
    () => 'not refused',
    (error: Error) => error,
  )

t.test('plays files one after the other, folders in natural order, in rounds', async (t) => {
  const folder = t.testdir({
    'one.mp3': 'one',
    album: { '2.mp3': 'b', '10.mp3': 'c', '1.ogg': 'a' },
    'last.mp3': 'last',
  })
  const source = await play([`${folder}/one.mp3`, `${folder}/album`, `${folder}/last.mp3`])
  t.equal(await playSome(source, 7), 'one a b c last one a')
  t.match(source, { paced: true, alike: true, once: false, tries: 5, label: `${folder}/one.mp3 and 2 more` })
})

t.test('reports the file and its title with each opening', async (t) => {
  const folder = t.testdir({ 'Nina Simone - Sinnerman.mp3': 'x' })
  const { title, about } = await playOne(await play([folder]))
  t.equal(title, 'Nina Simone - Sinnerman')
  t.strictSame(about, { file: `${folder}/Nina Simone - Sinnerman.mp3` })
})

t.test('reads the tags of the track ahead for as long as the one before it plays', async (t) => {
  const tag = Buffer.from('ID3\x03\0\0\0\0\0\x0fTIT2\0\0\0\x05\0\0\0Good', 'latin1')
  const folder = t.testdir({ 'a.mp3': 'a', 'b.mp3': tag })
  const clock = createManualClock()
  const options = { ...FOREVER, loop: true }
  const source = await createPlaylistSource([folder], options, clock, keepLog().logger)
  const first = await source.open(NOBODY_STOPS)
  await clock.advance(60_000)
  for await (const _ of first.chunks);
  t.equal((await playOne(source)).title, 'Good')
})

t.test('yields all of a large file in small chunks', async (t) => {
  const text = Array.from({ length: 30_000 }, (_, i) => `${i},`).join('')
  const source = await play([`${t.testdir({ 'a.mp3': text })}/a.mp3`])
  for (let round = 0; round < 2; round++) {
    const played = await playOne(source)
    t.equal(played.text, text)
    t.ok(played.chunks.every(({ length }) => length <= 16_384))
  }
})

t.test('plays the entries of an M3U under its titles', async (t) => {
  const folder = t.testdir({ sub: { 'a.mp3': 'a' }, 'b.mp3': 'b' })
  writeFileSync(`${folder}/list.m3u8`, '\ufeff#EXTM3U\r\n#EXTINF:9,The A\r\nsub/a.mp3\r\nb.mp3\r\nsub/a.mp3\r\n')
  const source = await play([`${folder}/list.m3u8`])
  const titles: unknown[] = []
  for (let i = 0; i < 4; i++) titles.push((await playOne(source)).title)
  t.strictSame(titles, ['The A', 'b', 'a', 'The A'])
  t.equal(await playSome(source, 3), 'b a a')
})

t.test('logs entries of an M3U that are not files once, and skips them', async (t) => {
  const folder = t.testdir({ 'a.mp3': 'a', 'other.m3u': 'a.mp3' })
  writeFileSync(`${folder}/list.m3u`, 'http://radio.example/\na.mp3\nother.m3u\n')
  const { logger, records } = keepLog()
  const source = await createPlaylistSource([`${folder}/list.m3u`], FOREVER, systemClock, logger)
  t.equal(await playSome(source, 3), 'a a a')
  t.equal(records.length, 1)
  t.match(records[0], {
    level: 'warning',
    properties: { list: `${folder}/list.m3u`, entries: 'http://radio.example/, other.m3u' },
  })
  writeFileSync(
    `${folder}/list.m3u`,
    Array.from({ length: 9 }, (_, i) => `http://${i}/\n`)
      .join('')
      .concat('a.mp3'),
  )
  t.equal(await playSome(source, 3), 'a a a')
  t.match(records.slice(1), [{ properties: { entries: /^http:\/\/0\/, .* and 4 more$/ } }])
})

t.test('finds added and removed files at the beginning of the next round', async (t) => {
  const folder = t.testdir({ 'a.mp3': 'a', 'b.mp3': 'b' })
  const source = await play([folder])
  t.equal(await playSome(source, 1), 'a')
  writeFileSync(`${folder}/c.mp3`, 'c')
  t.equal(await playSome(source, 3), 'b a b')
  rmSync(`${folder}/a.mp3`)
  t.equal(await playSome(source, 4), 'c b c b')
  t.equal(source.tries, 2)
})

t.test('begins the first round with the first opening, not at launch', async (t) => {
  const folder = t.testdir({ 'b.mp3': 'b' })
  const source = await play([folder])
  writeFileSync(`${folder}/a.mp3`, 'a')
  t.equal(await playSome(source, 2), 'a b')
})

t.test('logs a file that has disappeared, and plays the next one', async (t) => {
  const folder = t.testdir({ 'a.mp3': 'a', 'b.mp3': 'b', 'c.mp3': 'c' })
  const source = await play(['a', 'b', 'c'].map((name) => `${folder}/${name}.mp3`))
  t.equal(await playSome(source, 1), 'a')
  rmSync(`${folder}/b.mp3`)
  await t.rejects(source.open(NOBODY_STOPS), { name: 'SourceError', message: /b\.mp3 does not exist$/ })
  t.equal(await playSome(source, 2), 'c a')
  await t.rejects(source.open(NOBODY_STOPS), { name: 'SourceError', message: /\/b\.mp3/ })
  t.equal(await playSome(source, 1), 'c')
  t.equal(source.tries, 3)
})

t.test('logs a path that is not a file any more, and does not wait for it', async (t) => {
  const folder = t.testdir({ 'a.mp3': 'a', 'b.mp3': 'b', sub: {} })
  writeFileSync(`${folder}/list.m3u`, 'a.mp3\nsub\nb.mp3')
  const source = await play([`${folder}/list.m3u`])
  t.match(await playSome(source, 3), /^a \(.*\/sub is not a file\) b$/)
})

t.test('fails to open while no file is left, until there is one again', async (t) => {
  const folder = t.testdir({ sub: { 'a.mp3': 'a' } })
  const source = await play([`${folder}/sub`], { loop: false })
  rmSync(`${folder}/sub/a.mp3`)
  await t.rejects(
    source.open(NOBODY_STOPS),
    new SourceError('no playable file is left (MP3, AAC, Ogg, FLAC or WAV, all of one format)'),
  )
  t.equal(source.once, false)
  rmSync(`${folder}/sub`, { recursive: true })
  await t.rejects(source.open(NOBODY_STOPS), { name: 'SourceError', message: /\/sub/ })
  mkdirSync(`${folder}/sub`)
  writeFileSync(`${folder}/sub/b.mp3`, 'b')
  const again = await play([`${folder}/sub`])
  t.equal(await playSome(again, 1), 'b')
})

t.test('ends after the last file without looping', async (t) => {
  const folder = t.testdir({ 'a.mp3': 'a', 'b.mp3': 'b' })
  const source = await play([folder], { loop: false })
  t.equal(source.once, false)
  t.equal(await playSome(source, 1), 'a')
  t.equal(source.once, false)
  const { chunks } = await source.open(NOBODY_STOPS)
  t.equal(source.once, false)
  for await (const _ of chunks);
  t.equal(source.once, true)
})

t.test('ends without looping when the last file cannot be opened', async (t) => {
  const folder = t.testdir({ 'a.mp3': 'a', 'b.mp3': 'b' })
  const source = await play([folder], { loop: false })
  t.equal(await playSome(source, 1), 'a')
  rmSync(`${folder}/b.mp3`)
  await t.rejects(source.open(NOBODY_STOPS))
  t.equal(source.once, true)
})

t.test('starts a file again for a new listener after the last one has left', async (t) => {
  const folder = t.testdir({ 'a.mp3': 'a', 'b.mp3': 'b'.repeat(100_000), 'c.mp3': 'c' })
  const source = await play([folder], { loop: false })
  t.equal(await playSome(source, 1), 'a')
  const listened = new AbortController()
  let bytes = 0
  for await (const chunk of (await source.open(listened.signal)).chunks) {
    bytes += chunk.length
    listened.abort()
  }
  t.equal(bytes, 16_384, 'no chunk after the abort')
  for await (const _ of (await source.open(AbortSignal.abort())).chunks) t.fail('nobody wants it')
  t.equal(await playSome(source, 2), `${'b'.repeat(100_000)} c`)
  t.equal(source.once, true)
})

t.test('does not repeat a file that its reader has stopped reading', async (t) => {
  const folder = t.testdir({ 'a.mp3': 'a'.repeat(100_000), 'b.mp3': 'b' })
  const source = await play([folder])
  for await (const _ of (await source.open(NOBODY_STOPS)).chunks) break
  t.equal(await playSome(source, 1), 'b')
})

t.test('plays each file once in a shuffled round, and none twice in a row', async (t) => {
  const names = ['a', 'b', 'c', 'd', 'e']
  const folder = t.testdir(Object.fromEntries(names.map((name) => [`${name}.mp3`, name])))
  let state = 7
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  const source = await play([folder], { shuffle: true }, random)
  const rounds: string[] = []
  for (let i = 0; i < 30; i++) rounds.push(await playSome(source, names.length))
  for (const round of rounds) t.strictSame(round.split(' ').toSorted(), names)
  t.notMatch(rounds.join(' '), /(\w) \1/)
  t.ok(new Set(rounds).size > 10, 'the order changes')
})

t.test('plays a given file of any extension, each time that it is given', async (t) => {
  const folder = t.testdir({ 'sound.bin': 'x' })
  const source = await play([`${folder}/sound.bin`, `${folder}/sound.bin`])
  t.equal(source.tries, 2)
  const { text, title } = await playOne(source)
  t.strictSame([text, title, basename(source.label)], ['x', 'sound', 'sound.bin and 1 more'])
})

t.test('refuses a file that cannot be played at launch, in one line with its name', async (t) => {
  const folder = t.testdir({ empty: { 'notes.txt': '' }, 'a.mp3': '', 'list.m3u': '#EXTM3U\nhttp://radio.example/\n' })
  const cases = [
    ['missing.mp3', 'does not exist'],
    ['missing\n.mp3', 'does not exist'],
    ['empty', 'contains no sound files (MP3, AAC, Ogg, FLAC or WAV)'],
    ['list.m3u', 'has no entry that is a file'],
  ] as const
  for (const [name, why] of cases) {
    const expected = new SourceError(`${folder}/${name.replace('\n', '\\u000a')} ${why}`)
    t.match(await refusal([`${folder}/a.mp3`, `${folder}/${name}`]), expected)
  }
  t.match(await refusal(['/dev/null']), new SourceError('/dev/null is neither a file nor a folder'))
})
