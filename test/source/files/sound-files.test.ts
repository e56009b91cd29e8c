import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import t from 'tap'
import { soundFilesBelow } from '../../../src/source/files/sound-files.ts'

async function below(folder: string) {
  const complaints: string[] = []
  const files = await soundFilesBelow(folder, {
    warn: (what, about) => complaints.push(`${what} ${JSON.stringify(about)}`),
    max: 250_000,
    leaveOut: () => {},
  })
  return { files: files.map((file) => relative(folder, file)), complaints }
}

t.test('finds files and folders in natural order, except hidden ones and those without sound', async (t) => {
  const folder = t.testdir({
    '10.mp3': '',
    '2.ogg': '',
    '3 album': { 'b.flac': '', 'a.OPUS': '', 'cover.jpg': '', inner: { 'x.wav': '' } },
    '4.aac': '',
    'notes.txt': '',
    'list.m3u': '',
    mp3: '',
    '.hidden.mp3': '',
    '._2.mp3': '',
    '.hidden': { 'c.mp3': '' },
    'folder.mp3': { 'd.mp3': '' },
    empty: {},
  })
  const inOrder = [
    '2.ogg',
    '3 album/a.OPUS',
    '3 album/b.flac',
    '3 album/inner/x.wav',
    '4.aac',
    '10.mp3',
    'folder.mp3/d.mp3',
  ]
  t.strictSame(await below(folder), { files: inOrder, complaints: [] })
})

t.test('follows links to files and folders, and ignores broken and circular ones', async (t) => {
  const folder = t.testdir({ music: { 'a.mp3': '', more: { 'b.mp3': '' } }, elsewhere: { 'c.mp3': '' } })
  symlinkSync('../elsewhere/c.mp3', `${folder}/music/link.mp3`)
  symlinkSync('../elsewhere', `${folder}/music/linked`)
  symlinkSync('nothing.mp3', `${folder}/music/dead.mp3`)
  symlinkSync('self.mp3', `${folder}/music/self.mp3`)
  symlinkSync('.', `${folder}/music/here`)
  symlinkSync('../..', `${folder}/music/more/up`)
  const { files, complaints } = await below(`${folder}/music`)
  t.strictSame(files, ['a.mp3', 'link.mp3', 'linked/c.mp3', 'more/b.mp3'])
  t.strictSame(complaints, [])
})

t.test('visits folders that link to each other once', async (t) => {
  const names = Array.from({ length: 12 }, (_, i) => `f${i}`)
  const folder = t.testdir(Object.fromEntries(names.map((name) => [name, { [`${name}.mp3`]: '' }])))
  for (const from of names) for (const to of names) symlinkSync(`../${to}`, `${folder}/${from}/to ${to}`)
  t.equal((await below(folder)).files.length, names.length)
})

t.test('names a missing folder', async (t) => {
  const { files, complaints } = await below('/no/such/folder')
  t.strictSame(files, [])
  t.match(complaints, [/^folder not read .*\/no\/such\/folder/])
})

t.test('walks a large tree without blocking the event loop', async (t) => {
  const folder = t.testdir({})
  for (let i = 0; i < 20; i++) {
    mkdirSync(`${folder}/${i}`)
    for (let j = 0; j < 500; j++) writeFileSync(`${folder}/${i}/${j}.mp3`, '')
  }
  let isDone = false
  let turns = 0
  const count = () => {
    turns++
    if (!isDone) setImmediate(count)
  }
  count()
  const { files } = await below(folder)
  isDone = true
  t.strictSame(
    files,
    Array.from({ length: 10_000 }, (_, i) => `${Math.floor(i / 500)}/${i % 500}.mp3`),
  )
  t.ok(turns > 40, `${turns} turns`)
})
