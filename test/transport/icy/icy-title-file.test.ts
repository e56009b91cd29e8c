import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { createTitleFile } from '../../../src/station/title-file.ts'
import { Titles } from '../../../src/stream/titles.ts'
import { listen } from '../../client.ts'
import { numberBytes } from '../../feeders.ts'
import { makeFifo, openWriter } from '../../fifos.ts'
import { startServer } from '../../streamserve.ts'
import { audioHas, ICY_FIELD, TITLE_LINE, titleFile } from './icy.ts'

t.test('reads the first line as title, without control characters and outer blanks', async (t) => {
  const path = join(t.testdir(), 'title')
  const texts: readonly (readonly [bytes: string | Buffer, title: string])[] = [
    ['one', 'one'],
    ['two\n', 'two'],
    ['  three\r\nmore\n', 'three'],
    ['\ufefffour', 'four'],
    ['fi\x1b[1mve\x07\0', 'fi[1mve'],
    ['\nsix', ''],
    [Buffer.from('seven \xe9', 'latin1'), 'seven é'],
    [Buffer.from('Café del Mar\r\nx', 'utf16le'), 'Café del Mar'],
    [Buffer.from('\ufeffПесня\n', 'utf16le'), 'Песня'],
    [Buffer.from('Другая\n', 'utf16le'), 'Другая'],
    [Buffer.from('Ελλάδα – 9\n', 'utf16le').swap16(), 'Ελλάδα – 9'],
    [Buffer.from('\ufeff王菲', 'utf16le').swap16(), '王菲'],
    ['eight\n', 'eight'],
    [Buffer.from('王菲\n'), '王菲'],
    ['Кино – 王菲 🎸\n', 'Кино – 王菲 🎸'],
    ['王'.repeat(3000), '王'.repeat(1365)],
  ]
  const file = createTitleFile(path, 'windows-1252')
  for (const [bytes, title] of texts) {
    writeFileSync(path, bytes)
    t.equal(await file.look(), true)
    t.equal(file.title, title)
    t.equal(await file.look(), false, 'and that is no news any more')
  }
})

t.test('decodes a title that is not Unicode by the given charset', async (t) => {
  const path = join(t.testdir(), 'title')
  const file = createTitleFile(path, 'windows-1251')
  writeFileSync(path, Buffer.from([0xcf, 0xe5, 0xf1, 0xed, 0xff, 0x0a]))
  await file.look()
  t.equal(file.title, 'Песня')
})

t.test('follows a file that appears, is replaced, is emptied and disappears', async (t) => {
  const folder = t.testdir()
  const path = join(folder, 'later', 'title')
  const file = createTitleFile(path, 'windows-1252')
  t.equal(await file.look(), false, 'not there yet')
  mkdirSync(join(folder, 'later'))
  writeFileSync(path, 'one')
  t.equal(await file.look(), true)
  writeFileSync(join(folder, 'new'), 'two')
  renameSync(join(folder, 'new'), path)
  t.equal(await file.look(), true)
  t.equal(file.title, 'two')
  writeFileSync(path, '')
  t.equal(await file.look(), false, 'somebody may be writing it')
  writeFileSync(path, 'three')
  t.equal(await file.look(), true)
  writeFileSync(path, '')
  await file.look()
  t.equal(await file.look(), true, 'it stays empty')
  t.equal(file.title, '')
  writeFileSync(path, 'four')
  await file.look()
  rmSync(join(folder, 'later'), { recursive: true })
  t.equal(await file.look(), false)
  t.equal(file.title, 'four', 'what plays goes on playing')
})

t.test('reads no title from a FIFO or a folder, and does not wait for one', async (t) => {
  const folder = t.testdir()
  for (const path of [makeFifo(folder), folder]) {
    const file = createTitleFile(path, 'windows-1252')
    t.equal(await file.look(), false)
    await file.look()
    t.equal(file.title, '')
  }
})

t.test('forgets titles without a frame in the ring, so that there are few', async (t) => {
  const titles = new Titles()
  t.equal(titles.set('', 0, 0), false, 'nothing is known anyway')
  t.equal(titles.at(0), undefined)
  titles.set('A', 0, 0)
  titles.set('B', 10, 0)
  t.equal(titles.set('B', 12, 0), false)
  titles.set('C', 20, 0)
  titles.set('D', 20, 0)
  t.same(
    [0, 9, 10, 19, 20, 99].map((seq) => titles.at(seq)?.text),
    ['A', 'A', 'B', 'B', 'D', 'D'],
  )
  titles.set('E', 30, 20)
  t.same(
    [9, 19, 20, 30].map((seq) => titles.at(seq)?.text),
    [undefined, undefined, 'D', 'E'],
  )
  for (let seq = 100; seq < 10_000; seq++) titles.set(String(seq), seq, 0)
  t.equal(titles.at(100), undefined)
  t.equal(titles.at(9_900)?.text, '9900')
})

t.test('gives the title to every stream of a directory, later ones too', async (t) => {
  const file = titleFile(t, 'A')
  const fifos = join(dirname(file.path), 'fifos')
  mkdirSync(fifos)
  const flags = ['-path', fifos, '-title-file', file.path, '-filter', 'raw', '-frame-bytes', '100']
  const server = await startServer(t, flags)
  for (const [name, title] of [
    ['one', 'A'],
    ['two', 'B'],
  ] as const) {
    if (title === 'B') await file.play(server, title)
    const writer = openWriter(t, makeFifo(fifos, name))
    const client = listen(t, server.port, `/${name}`, ICY_FIELD)
    await client.headCame()
    writer.write(numberBytes(0, 5_000))
    t.same((await audioHas(client, 20_000)).blocks, [[16_000, `StreamTitle='${title}';`]])
  }
  // The log has a pipe of its own, which may be slower than the sound.
  t.equal((await server.loggedTimes(TITLE_LINE, 3)).length, 3, 'of one twice')
})

t.test('the program ends while the title file is followed', async (t) => {
  const file = titleFile(t, 'A')
  const server = await startServer(t, ['-title-file', file.path, '-reopen=false', '-warm', '-exec', 'true ok'])
  t.equal(await server.exited, 0)
})
