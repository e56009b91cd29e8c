import { EventEmitter, once } from 'node:events'
import { rmSync, utimesSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import t, { type Test } from 'tap'
import { createPlaylistSource } from '../../../src/source/files/playlist.ts'
import type { Finding } from '../../../src/source/files/sound.ts'
import { SoundSurvey } from '../../../src/source/files/sound-survey.ts'
import { systemClock } from '../../../src/system/clock.ts'
import { keepLog } from '../../kept-log.ts'
import { until } from '../../processes.ts'

const NOBODY_STOPS = new AbortController().signal

/** The text of a file is its finding: format, blank, seconds. */
async function examine(path: string): Promise<Finding> {
  const { readFile } = await import('node:fs/promises')
  const [format = '', seconds] = (await readFile(path, 'utf8')).split(' ')
  if (format === 'none' || format === 'unclear') return format
  return { format, name: format, seconds: Number(seconds) }
}

/** Surveys files until all have been examined. */
async function survey(t: Test, files: Readonly<Record<string, string>>) {
  const folder = t.testdir(files)
  const settled: (() => void)[] = []
  const looked: string[] = []
  const all = new SoundSurvey(
    (path) => {
      looked.push(basename(path))
      return examine(path)
    },
    systemClock,
    () => settled.shift()?.(),
  )
  const tracks = () => Object.keys(files).map((name) => ({ path: `${folder}/${name}` }))
  const begin = async (others: ReadonlyMap<string, number> = new Map()) => {
    const done = new Promise<void>((resolve) => settled.push(resolve))
    await all.begin(tracks(), others)
    await done
  }
  await begin()
  return { all, begin, looked, folder }
}

t.test('chooses the format with the longest sound, not that of the most files', async (t) => {
  const { all } = await survey(t, { a: 'A 10', b: 'A 10', c: 'B 30', d: 'none', e: 'unclear' })
  t.equal(all.chosen?.format, 'B')
})

t.test('names the skipped files by kind, the most files first', async (t) => {
  const { all, begin } = await survey(t, { 'a.mp3': 'A 10', 'b.mp3': 'B 30', 'c.mp3': 'A 1', 'd.ogg': 'none' })
  t.equal(all.leftOut, '2 A; 1 .ogg without known sound')
  await begin(new Map([['.m4a', 12]]))
  t.equal(all.leftOut, '12 .m4a; 2 A; 1 .ogg without known sound')
})

t.test('reports why a file is skipped, and skips no file that it cannot judge', async (t) => {
  const { all, folder } = await survey(t, { a: 'A 10', b: 'B 30', d: 'none', e: 'unclear' })
  const why = (name: string) => all.whyNot({ path: `${folder}/${name}` })
  t.equal(await why('a'), 'A cannot follow B')
  t.equal(await why('b'), undefined)
  t.equal(await why('d'), 'no sound of a known format')
  t.equal(await why('e'), undefined)
  t.equal(await why('missing'), undefined)
})

t.test('examines a file once, and again only when its time or size has changed', async (t) => {
  const { begin, looked, folder } = await survey(t, { a: 'A 10', b: 'B 30' })
  await begin()
  t.equal(looked.length, 2)
  writeFileSync(`${folder}/a`, 'A 100')
  await begin()
  t.equal(looked.length, 3)
  utimesSync(`${folder}/b`, 1, 1)
  await begin()
  t.strictSame(looked.toSorted(), ['a', 'a', 'b', 'b'])
})

t.test('counts a file once when a new round begins while it is examined', async (t) => {
  const tracks = [{ path: `${t.testdir({ a: '' })}/a` }]
  const examinations: ((finding: Finding) => void)[] = []
  const settled = new EventEmitter()
  const all = new SoundSurvey(
    () => new Promise((resolve) => examinations.push(resolve)),
    systemClock,
    () => settled.emit('settled'),
  )
  const done = once(settled, 'settled')
  const rounds = [all.begin(tracks, new Map()), all.begin(tracks, new Map())]
  await until('both rounds examine the file', () => examinations.length === 2)
  for (const found of examinations) found('none')
  await Promise.all([...rounds, done])
  t.equal(all.leftOut, '1 without known sound')
})

t.test('changes the format when another has more than twice as much sound, or when none of it is left', async (t) => {
  const { all, begin, folder } = await survey(t, { a: 'A 10', b: 'B 30' })
  writeFileSync(`${folder}/a`, 'A 59.9')
  await begin()
  t.equal(all.chosen?.format, 'B')
  writeFileSync(`${folder}/a`, 'A 61')
  await begin()
  t.equal(all.chosen?.format, 'A')
  rmSync(`${folder}/a`)
  await begin()
  t.equal(all.chosen?.format, 'B')
})

t.test('chooses by a sample of a large folder, and continues in the background', async (t) => {
  const files = Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`${i}.mp3`, i < 120 ? 'rare 100' : 'A 100']))
  const { all, looked } = await survey(t, files)
  t.equal(all.chosen?.format, 'A')
  t.equal(all.leftOut, '120 rare')
  const early = looked.slice(0, 30).filter((name) => Number.parseInt(name, 10) < 120)
  t.ok(early.length > 2 && early.length < 12, 'the first files that are looked at are spread over all')
})

t.test('waits at most a second for a disk that does not respond', async (t) => {
  const folder = t.testdir({ a: 'A 1' })
  const all = new SoundSurvey(
    () => new Promise(() => {}),
    systemClock,
    () => {},
  )
  await all.begin([{ path: `${folder}/a` }], new Map())
  t.equal(all.chosen, undefined)
})

t.test('plays the files of the chosen format, and logs the others once', async (t) => {
  const folder = t.testdir({ '1.mp3': 'B 10', '2.mp3': 'A 10', '3.mp3': 'A 10', '4.mp3': 'none' })
  const { logger, records } = keepLog()
  const options = { shuffle: false, loop: true, tagCharset: 'windows-1252' }
  const source = await createPlaylistSource([folder], options, systemClock, logger, examine)
  const files: unknown[] = []
  for (let i = 0; i < 5; i++) {
    const { chunks, about } = await source.open(NOBODY_STOPS)
    for await (const _ of chunks);
    files.push(basename(String(about['file'])))
  }
  t.strictSame(files, ['2.mp3', '3.mp3', '2.mp3', '3.mp3', '2.mp3'])
  t.match(source, { chosenFormat: 'A', leftOut: '1 B; 1 .mp3 without known sound' })
  const named = records.filter(({ message }) => message.join('') === 'file left out')
  t.strictSame(
    named.map(({ properties }) => properties['reason']),
    ['B cannot follow A', 'no sound of a known format'],
  )
})

t.test('refuses a single file that cannot be played, with its format', async (t) => {
  const folder = t.testdir({ 'x.m4a': 'none', 'y.m4a': 'A 1', music: { 'z.m4a': 'none' } })
  const options = { shuffle: false, loop: true, tagCharset: 'windows-1252' }
  const launch = (name: string) =>
    createPlaylistSource([`${folder}/${name}`], options, systemClock, keepLog().logger, examine)
  await t.rejects(launch('x.m4a'), { message: /x\.m4a cannot be played as it is .*-exec/ })
  await t.resolves(launch('y.m4a'))
  await t.rejects(launch('music'), { message: /music contains no playable sound files, only \.m4a/ })
})
