import fc from 'fast-check'
import t from 'tap'
import { isM3u, m3uEntries } from '../../src/source/m3u.ts'

function entries(list: string | Buffer) {
  return [...m3uEntries(Buffer.from(list), '/music')].map(({ path, title }) =>
    title === undefined ? path : [path, title],
  )
}

t.test('a list is known by its name', async (t) => {
  for (const name of ['a.m3u', '/b/c.M3U8', 'd.m3u8']) t.ok(isM3u(name))
  for (const name of ['a.mp3', 'm3u', 'a.m3u9', 'a.m3u.mp3']) t.notOk(isM3u(name))
})

t.test('entries are files beside the list, or anywhere', async (t) => {
  t.strictSame(entries('a.mp3\nsub/b c.mp3\n../d.ogg\n/e.flac\n./f.mp3'), [
    '/music/a.mp3',
    '/music/sub/b c.mp3',
    '/d.ogg',
    '/e.flac',
    '/music/f.mp3',
  ])
})

t.test('line ends of any kind, empty lines, blanks and a byte order mark make no difference', async (t) => {
  t.strictSame(entries('\ufeff#EXTM3U\r\n\r\n  a.mp3 \r\nb.mp3\r\r\n# b\n'), ['/music/a.mp3', '/music/b.mp3'])
  t.strictSame(entries('\ufeffa.mp3'), ['/music/a.mp3'])
  t.strictSame(entries(''), [])
})

t.test('EXTINF is the title of the next entry, and of no other', async (t) => {
  const list = '#EXTM3U\n#EXTINF:123,Nina Simone - Sinnerman\n#EXTVLCOPT:x=1\na.mp3\nb.mp3\n#EXTINF:-1,c\nc.mp3'
  t.strictSame(entries(list), [['/music/a.mp3', 'Nina Simone - Sinnerman'], '/music/b.mp3', ['/music/c.mp3', 'c']])
  t.strictSame(entries('#EXTINF:-1 logo="x,y" group="z",A, B\na.mp3'), [['/music/a.mp3', 'A, B']])
  t.strictSame(entries('#extinf:1.5,A\na.mp3'), [['/music/a.mp3', 'A']])
  t.strictSame(entries('#EXTINF:\na.mp3'), ['/music/a.mp3'])
})

t.test('addresses of files are understood, and what is no file has no path', async (t) => {
  t.strictSame(entries('file:///a%20b/%D0%B6.mp3\nfile://localhost/c.mp3'), ['/a b/ж.mp3', '/c.mp3'])
  const none = [
    'http://radio.example/a.mp3',
    'HTTPS://x/',
    'rtsp://x/y',
    'file://host/a.mp3',
    'file:///a%2Fb',
    'b.m3u',
    'c.M3U8',
    'file:///d.m3u',
  ]
  for (const text of none) t.strictSame(entries(text), [undefined], text)
})

t.test('UTF-8 is read as such, and anything else as Latin-1', async (t) => {
  t.strictSame(entries('#EXTINF:1,Ж 音 🎵\nж 音 🎵.mp3'), [['/music/ж 音 🎵.mp3', 'Ж 音 🎵']])
  t.strictSame(entries(Buffer.from('#EXTINF:1,Björk\nj\xf3ga.mp3', 'latin1')), [['/music/jóga.mp3', 'Björk']])
})

t.test('lists that were written under Windows have backslashes', async (t) => {
  t.strictSame(entries('sub\\a.mp3\r\n.\\b.mp3'), ['/music/sub/a.mp3', '/music/b.mp3'])
  t.strictSame(entries('sub/odd\\name.mp3'), ['/music/sub/odd\\name.mp3'])
})

t.test('no bytes are more than a list of entries, each a line of it', async () => {
  const line = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('#EXTINF:', '#EXTINF:1,"', 'file://', 'a\\b', '#'),
  )
  const text = fc.array(line).map((lines) => Buffer.from(lines.join('\n')))
  fc.assert(
    fc.property(fc.oneof(text, fc.uint8Array()), (bytes) => {
      const found = [...m3uEntries(bytes, '/music')]
      return found.every(({ text, path }) => text !== '' && !/[\r\n]/.test(text) && (path ?? '/').startsWith('/'))
    }),
  )
})

t.test('a line of nothing but quotes and commas takes no longer than another', async (t) => {
  t.strictSame(entries(`#EXTINF:${'"'.repeat(100_001)}\na.mp3`), ['/music/a.mp3'])
  t.strictSame(entries(`#EXTINF:${'a"b"'.repeat(50_000)}\na.mp3`), ['/music/a.mp3'])
})
