import fc from 'fast-check'
import t from 'tap'
import { quotedWords } from '../../../src/config/file/quoted-words.ts'
import { configFiles, configOf } from './config-files.ts'

t.test('splits words at blanks, except in quotes or after a backslash', async (t) => {
  t.strictSame(quotedWords('/music  list.m3u\tnews'), ['/music', 'list.m3u', 'news'])
  t.strictSame(quotedWords(`"/my music" 'a "b"' c\\ d "e\\"f"g`), ['/my music', 'a "b"', 'c d', 'e"fg'])
  t.strictSame(quotedWords(`"it's" 'a\\b' "a\\b" ''`), ["it's", 'a\\b', 'a\\b', ''])
})

t.test('treats no other characters as special', async (t) => {
  t.strictSame(quotedWords('~/*.mp3 $HOME # a;b|c & ж🎵'), ['~/*.mp3', '$HOME', '#', 'a;b|c', '&', 'ж🎵'])
})

t.test('refuses a quote that is not closed', async (t) => {
  for (const line of [`a "b`, `it's`, `"a' b`, 'a\\', `'a'b'`]) t.throws(() => quotedWords(line), /not closed/, line)
})

t.test('reads back any words that it has quoted', async () => {
  const quoted = fc.constantFrom(
    (word: string) => `'${word.replaceAll("'", `'"'"'`)}'`,
    (word: string) => `"${word.replaceAll(/["\\]/g, '\\$&')}"`,
    (word: string) => word.replaceAll(/[\s'"\\]/g, '\\$&') || "''",
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), quoted)), (words) => {
      const line = words.map(([word, quote]) => quote(word)).join(' ')
      const read = quotedWords(line)
      return read.length === words.length && words.every(([word], at) => word === read[at])
    }),
  )
})

t.test('adds up lines of play', async (t) => {
  const path = configFiles(t)('play a "b c"\nshuffle\nplay d')
  t.match(configOf('-config', path), { play: ['a', 'b c', 'd'], shuffle: true })
})
