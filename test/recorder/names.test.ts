import fc from 'fast-check'
import t from 'tap'
import { NameMatcher } from '../../src/recorder/name-matcher.ts'
import { NamePattern } from '../../src/recorder/name-pattern.ts'
import { safeName, withEnd } from '../../src/recorder/safe-name.ts'

const NOON = new Date('2026-05-31T12:34:56').getTime()

function nameOf(pattern: string, { path = '/', title = '' } = {}): string {
  return new NamePattern(pattern, path).nameAt(NOON, title)
}

t.test('names have the time, the stream and the title, without the extension', async (t) => {
  t.equal(nameOf('/srv/%F/%H.mp3'), '/srv/2026-05-31/12')
  t.equal(nameOf('/srv/%{stream}/%D/%T'), '/srv/stream/05/31/26/12:34:56')
  t.equal(nameOf('/srv/%{stream}-%{title}.ogg', { path: '/towers/north', title: 'A/B' }), '/srv/towers_north-A_B')
  t.equal(nameOf('/srv/100%%/%{title}.ogg'), '/srv/100%/untitled')
  t.equal(nameOf('%H.mp3'), `${process.cwd()}/12`, 'relative to the working directory')
})

t.test('only letters and digits at the end of a pattern are an extension', async (t) => {
  for (const [pattern, extension] of [
    ['/srv/%H.mp3', '.mp3'],
    ['/srv/%H.OGG', '.OGG'],
    ['/srv/%Y.%m.%d', undefined],
    ['/srv/1.2.2026', undefined],
    ['/srv/radio.d/%H', undefined],
    ['/srv/%{title}', undefined],
    ['/srv/.hidden', undefined],
  ] as const)
    t.equal(new NamePattern(pattern, '/').extension, extension, pattern)
})

t.test('a title becomes a name that every file system accepts', async (t) => {
  for (const [title, name] of [
    ['../../etc/passwd', '___.._etc_passwd'],
    ['..', '__'],
    ['.hidden', '_hidden'],
    ['a\u0000b\nc\u007f', 'a_b_c_'],
    ['what? "yes": <1|2>*\\', 'what_ _yes__ _1_2___'],
    ['ends with dots...', 'ends with dots___'],
    ['ends with a blank ', 'ends with a blank_'],
    ['CON', '_CON'],
    ['com1.txt', '_com1.txt'],
    ['Concert', 'Concert'],
    ['\u202egnp.exe', '_gnp.exe'],
    ['half \ud800 a pair', 'half _ a pair'],
    ['cafe\u0301', 'caf\u00e9'],
  ] as const)
    t.equal(safeName(title, 200), name, JSON.stringify(title))
})

t.test('no title leads out of its folder, or makes a name that is too long', async (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (title) => {
      const name = nameOf('/srv/a/%{title}.mp3', { title })
      const [, own = ''] = /^\/srv\/a\/([^/]+)$/su.exec(name) ?? []
      return own !== '' && !own.startsWith('.') && !/\p{Cc}/u.test(own) && Buffer.byteLength(own) <= 150
    }),
  )
  const long = 'ü'.repeat(200)
  t.equal(safeName(long, 151), 'ü'.repeat(75), 'without half a character')
  t.equal(Buffer.byteLength(withEnd(long, '.1.mp3')), 254)
  t.equal(withEnd('a'.repeat(251), '.mp3'), `${'a'.repeat(251)}.mp3`, 'a name of 255 bytes stays')
})

t.test('a matcher finds the files that its pattern can have made, and no other', async (t) => {
  const matcher = new NameMatcher('/srv/%{stream}/%F/%H.mp3', '/radio')
  t.equal(matcher.root, '/srv')
  for (const path of ['/srv/radio/2026-05-31/12.mp3', '/srv/radio/2026-05-31/12.17.mp3'])
    t.ok(matcher.stemOf(path), path)
  for (const path of ['/srv/radio/2026-05-31/12.cue', '/srv/radio/2026-05-31/12.1.mp3.part2.cue'])
    t.ok(matcher.cueStemOf(path), path)
  for (const path of [
    '/srv/radio/2026-05-31/12.flac',
    '/srv/radio/2026-05-31/12a.mp3',
    '/srv/radio/2026-05-31/x/12.mp3',
    '/srv/other/2026-05-31/12.mp3',
    '/srv/radio/12.mp3',
    '/srv/radio/2026-05-31/12.mp3.bak',
  ])
    t.notOk(matcher.hasFile(path), path)
  t.ok(matcher.hasFolder('/srv/radio'))
  t.ok(matcher.hasFolder('/srv/radio/2026-05-31'))
  t.notOk(matcher.hasFolder('/srv/radio/2026-05-31/12'))
  t.notOk(matcher.hasFolder('/srv/other'))
})

t.test('a matcher of a wildcard or of a directory finds the files of all its streams', async (t) => {
  t.ok(new NameMatcher('/srv/%{stream}/%F', '/guests/*').hasFile('/srv/guests_anna/2026-05-31.ogg'))
  t.notOk(new NameMatcher('/srv/%{stream}/%F', '/guests/*').hasFile('/srv/others/2026-05-31.ogg'))
  t.ok(new NameMatcher('/srv/%{stream}/%F', '/towers/').hasFile('/srv/towers_north/2026-05-31.mp3'))
})

t.test('a matcher finds each name of its pattern', async () => {
  const times = fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  const titles = fc.string({ unit: 'binary', maxLength: 60 })
  const letters = fc.array(fc.constantFrom(...Array.from('aAbBCdDeFgGhHIjklmMnpPrRsStTuUVwWxXyYzZ%')), { maxLength: 6 })
  fc.assert(
    fc.property(times, titles, letters, (time, title, some) => {
      const pattern = `/srv/%F/${some.map((letter) => `%${letter}`).join('.')}x %{title} %{stream}.mp3`
      const name = new NamePattern(pattern, '/a').nameAt(time.getTime(), title)
      return new NameMatcher(pattern, '/a').hasFile(`${name}.mp3`)
    }),
  )
})
