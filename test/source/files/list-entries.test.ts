import fc from 'fast-check'
import t from 'tap'
import { createListReader, isList } from '../../../src/source/files/list-entries.ts'
import { createLines } from '../../../src/source/files/list-file.ts'
import { shownPath } from '../../../src/text/byte-path.ts'

const MAX = 1_000

function read(list: string | Uint8Array, name = 'list.m3u', charset = 'windows-1252') {
  const reader = createListReader(`/music/${name}`, '/music', charset, MAX)
  const lines = createLines((line) => reader.line(line))
  lines.push(Buffer.from(list))
  lines.end()
  return reader.entries()
}

/** The most likely path of each entry, with its title if any. */
function entries(list: string | Buffer, name?: string) {
  return read(list, name).map(({ paths: [path], title }) => (title === undefined ? path : [path, title]))
}

/** All paths to which an entry may refer. */
function meant(line: string | Buffer, charset?: string) {
  return read(line, 'list.m3u', charset)[0]?.paths.map(shownPath)
}

t.test('recognizes a list by its name', async (t) => {
  for (const name of ['a.m3u', '/b/c.M3U8', 'd.m3u8', 'e.pls']) t.ok(isList(name))
  for (const name of ['a.mp3', 'm3u', 'a.m3u9', 'a.m3u.mp3']) t.notOk(isList(name))
})

t.test('finds entries beside the list, or at absolute paths', async (t) => {
  t.strictSame(entries('a.mp3\nsub/b c.mp3\n../d.ogg\n/e.flac\n./f.mp3'), [
    '/music/a.mp3',
    '/music/sub/b c.mp3',
    '/d.ogg',
    '/e.flac',
    '/music/f.mp3',
  ])
})

t.test('reads line ends of any kind, and skips empty lines, blanks and comments', async (t) => {
  t.strictSame(entries('#EXTM3U\r\n\r\n  a.mp3 \r\nb.mp3\r\r\n# b\n'), ['/music/a.mp3', '/music/b.mp3'])
  t.strictSame(entries(''), [])
})

t.test('takes EXTINF as the title of the next entry only', async (t) => {
  const list = '#EXTM3U\n#EXTINF:123,Nina Simone - Sinnerman\n#EXTVLCOPT:x=1\na.mp3\nb.mp3\n#EXTINF:-1,c\nc.mp3'
  t.strictSame(entries(list), [['/music/a.mp3', 'Nina Simone - Sinnerman'], '/music/b.mp3', ['/music/c.mp3', 'c']])
  t.strictSame(entries('#EXTINF:-1 logo="x,y" group="z",A, B\na.mp3'), [['/music/a.mp3', 'A, B']])
  t.strictSame(entries('#extinf:1.5,A\na.mp3'), [['/music/a.mp3', 'A']])
  t.strictSame(entries('#EXTINF:\na.mp3'), ['/music/a.mp3'])
})

t.test('understands URLs of files, and gives no path for what is not a file', async (t) => {
  t.strictSame(entries('file:///a%20b/%D0%B6.mp3\nfile://localhost/c.mp3\nFILE:/d.mp3'), [
    '/a b/ж.mp3',
    '/c.mp3',
    '/d.mp3',
  ])
  t.strictSame(meant('file:///caf%E9.mp3'), ['/café.mp3'])
  const none = [
    'http://radio.example/a.mp3',
    'HTTPS://x/',
    'rtsp://x/y',
    'file://host/a.mp3',
    'file:///a%2Fb',
    'file:///a%00b',
    'b.m3u',
    'c.M3U8',
    'e.pls',
    'file:///d.m3u',
  ]
  for (const text of none) t.strictSame(entries(text), [undefined], text)
})

t.test('reads UTF-8 as such, and anything else as the bytes of a name or as text of the charset', async (t) => {
  t.strictSame(entries('#EXTINF:1,Ж 音 🎵\nж 音 🎵.mp3'), [['/music/ж 音 🎵.mp3', 'Ж 音 🎵']])
  const latin1 = Buffer.from('#EXTINF:1,Björk\nj\xf3ga.mp3', 'latin1')
  t.strictSame(read(latin1)[0]?.paths.slice(0, 2), ['/music/j\udcf3ga.mp3', '/music/jóga.mp3'])
  t.equal(read(latin1)[0]?.title, 'Björk')
  const cyrillic = Buffer.from([0xcf, 0xe5, 0xf1, 0xed, 0xff, 0x2e, 0x6d, 0x70, 0x33])
  t.ok(meant(cyrillic, 'windows-1251')?.includes('/music/Песня.mp3'))
})

t.test('tries a percent-encoded name as it is and decoded', async (t) => {
  t.strictSame(meant('Hans%20Zimmer.mp3'), ['/music/Hans%20Zimmer.mp3', '/music/Hans Zimmer.mp3'])
  t.ok(meant('Caf%C3%A9.mp3')?.includes('/music/Café.mp3'))
  t.strictSame(meant('100%.mp3'), ['/music/100%.mp3'])
})

t.test('tries both forms of an accent, composed and decomposed', async (t) => {
  t.strictSame(meant('Café.mp3'.normalize('NFC')), [
    '/music/Café.mp3'.normalize('NFC'),
    '/music/Café.mp3'.normalize('NFD'),
  ])
})

t.test('takes a line that begins with # as a possible entry when it has the extension of sound', async (t) => {
  t.match(read('#1 Crush.mp3\n# a comment\n#EXTALB:x.mp3\nplain.mp3'), [
    { paths: ['/music/#1 Crush.mp3'], isDoubtful: true },
    { paths: ['/music/plain.mp3'], isDoubtful: false },
  ])
})

t.test('reads lists that were written under Windows', async (t) => {
  t.strictSame(entries('sub\\a.mp3\r\n.\\b.mp3'), ['/music/sub/a.mp3', '/music/b.mp3'])
  t.strictSame(entries('sub/odd\\name.mp3'), ['/music/sub/odd\\name.mp3'])
})

t.test('reads the files and titles of PLS by their numbers', async (t) => {
  const list =
    '[playlist]\nNumberOfEntries=3\nTitle1=One\nFile1=a.mp3\nLength1=-1\nfile2 = sub/b.mp3\nFile3=http://x/\nVersion=2\n'
  t.strictSame(entries(list, 'x.pls'), [['/music/a.mp3', 'One'], '/music/sub/b.mp3', undefined])
})

t.test('keeps at most the maximum number of entries', async (t) => {
  t.equal(read('a.mp3\n'.repeat(2 * MAX)).length, MAX)
  const many = Array.from({ length: 2 * MAX }, (_, i) => `File${i}=a.mp3\nTitle${i}=b\n`)
  t.equal(read(many.join(''), 'a.pls').length, MAX)
})

const anyList = (() => {
  const line = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '#EXTINF:',
      '#EXTINF:1,"',
      'file://',
      'a\\b',
      '#',
      '%',
      '%zz.mp3',
      '#%00.mp3',
      'File1=',
      'Title1=x',
    ),
  )
  const text = fc.array(line).map((lines) => Buffer.from(lines.join('\n')))
  return fc.oneof(
    text,
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  )
})()

t.test('returns a list of entries for any bytes, each a line of them', async () => {
  fc.assert(
    fc.property(anyList, fc.constantFrom('a.m3u', 'a.pls'), (bytes, name) =>
      read(bytes, name).every(({ text, paths }) => !/[\r\n]/.test(text) && paths.every((path) => path.startsWith('/'))),
    ),
  )
})

function linesIn(chunks: readonly Buffer[]): string {
  const found: string[] = []
  const reader = createLines((line) => found.push(line.toString('latin1')))
  for (const chunk of chunks) reader.push(chunk)
  reader.end()
  return found.join('\n')
}

t.test('finds the same lines for any chunks of a list', async () => {
  fc.assert(
    fc.property(anyList, fc.nat(20), fc.nat(20), (bytes, a, b) => {
      const [one, two] = [Math.min(a, b), Math.max(a, b)]
      return linesIn([bytes]) === linesIn([bytes.subarray(0, one), bytes.subarray(one, two), bytes.subarray(two)])
    }),
  )
})

t.test('reads a line of quotes and commas as fast as another one', async (t) => {
  t.strictSame(entries(`#EXTINF:${'"'.repeat(16_001)}\na.mp3`), ['/music/a.mp3'])
  t.strictSame(entries(`#EXTINF:${'a"b"'.repeat(4_000)}\na.mp3`), ['/music/a.mp3'])
})

t.test('drops a line that is longer than any path', async (t) => {
  t.strictSame(entries(`${'x'.repeat(100_000)}.mp3\na.mp3`), ['/music/a.mp3'])
})
