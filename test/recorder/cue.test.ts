import t from 'tap'
import { cueTrack } from '../../src/recorder/cue-sheet.ts'
import { filesIn, numbered, openRecorded } from './recorded.ts'

function textAt(atMs: number): string | undefined {
  return cueTrack('/srv/a.mp3', 1, { atMs, title: '' })?.text
}

t.test('a cue sheet lists titles and performers with their times', async (t) => {
  const folder = t.testdir()
  const { stream, send, end } = openRecorded(t, `${folder}/%F.wav`)
  await send(numbered(0, 2))
  stream.setTitle('Miles Davis - So What - take 2')
  await send(numbered(2, 61))
  stream.setTitle('News "at" noon')
  await send(numbered(63, 1))
  stream.setTitle('')
  await send(numbered(64, 1))
  await end()
  t.equal(
    filesIn(folder).get('2026-05-31.cue')?.toString(),
    [
      'FILE "2026-05-31.wav" WAVE',
      '  TRACK 01 AUDIO',
      '    TITLE "So What - take 2"',
      '    PERFORMER "Miles Davis"',
      '    INDEX 00 00:00:00',
      '    INDEX 01 00:02:00',
      '  TRACK 02 AUDIO',
      '    TITLE "News \'at\' noon"',
      '    INDEX 01 01:03:00',
      '  TRACK 03 AUDIO',
      '    INDEX 01 01:04:00',
      '',
    ].join('\n'),
  )
})

t.test('a cue sheet is there as long as its file grows', async (t) => {
  const folder = t.testdir()
  const { stream, send } = openRecorded(t, `${folder}/a.wav`)
  stream.setTitle('One')
  await send(numbered(0, 5))
  t.match(filesIn(folder).get('a.cue')?.toString(), /TITLE "One"\n {4}INDEX 01 00:00:00\n$/)
})

t.test('a title that goes on is the first track of the next file', async (t) => {
  const folder = t.testdir()
  const { stream, send, end } = openRecorded(t, `${folder}/%M.wav`, { at: '2026-05-31T12:00:50' })
  stream.setTitle('One')
  await send(numbered(0, 20))
  await end()
  t.match(filesIn(folder).get('00.cue')?.toString(), /TITLE "One"\n {4}INDEX 01 00:00:00\n$/)
  t.match(filesIn(folder).get('01.cue')?.toString(), /TITLE "One"\n {4}INDEX 01 00:00:00\n$/)
})

t.test('without titles there is no cue sheet', async (t) => {
  const folder = t.testdir()
  const { send, end } = openRecorded(t, `${folder}/a.wav`)
  await send(numbered(0, 1))
  await end()
  t.strictSame([...filesIn(folder).keys()], ['a.wav'])
})

t.test('a cue sheet does not replace that of a file with another extension', async (t) => {
  const folder = t.testdir({ 'a.cue': 'FILE "a.mp3" MP3\n' })
  const { stream, send, end } = openRecorded(t, `${folder}/a.wav`)
  stream.setTitle('One')
  await send(numbered(0, 1))
  await end()
  t.strictSame([...filesIn(folder).keys()], ['a.cue', 'a.wav', 'a.wav.cue'])
  t.equal(filesIn(folder).get('a.cue')?.toString(), 'FILE "a.mp3" MP3\n')
})

t.test('more titles than a sheet can have are in further sheets', async (t) => {
  const folder = t.testdir()
  const { stream, send, end } = openRecorded(t, `${folder}/a.wav`)
  for (let i = 0; i < 200; i++) {
    stream.setTitle(`Title ${i}`)
    await send(numbered(i, 1))
  }
  await end()
  const files = filesIn(folder)
  t.strictSame([...files.keys()], ['a.cue', 'a.part2.cue', 'a.part3.cue', 'a.wav'])
  t.match(files.get('a.cue')?.toString(), /TRACK 99 AUDIO\n.*"Title 98"\n.*01:38:00\n$/)
  t.match(files.get('a.part2.cue')?.toString(), /^FILE "a.wav" WAVE\n {2}TRACK 01 AUDIO\n.*"Title 99"\n.*01:39:00\n/)
  t.match(files.get('a.part3.cue')?.toString(), /TRACK 02 AUDIO\n.*"Title 199"\n.*03:19:00\n$/)
})

t.test('positions are of the frame at or before the title, also after hours', async (t) => {
  t.match(textAt(0), 'INDEX 01 00:00:00')
  t.match(textAt(1000 / 75), 'INDEX 01 00:00:01')
  t.match(textAt(999.9), 'INDEX 01 00:00:74')
  t.match(textAt(86_399_999), 'INDEX 01 1439:59:74')
  t.match(cueTrack('/srv/a.mp3', 0, { atMs: 0, title: '' })?.text, /^FILE "a.mp3" MP3\n/)
  t.equal(cueTrack('/srv/a.mp3', 990, { atMs: 0, title: '' }), undefined, 'a bounded number of tracks')
})
