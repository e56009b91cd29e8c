import fc from 'fast-check'
import t from 'tap'
import { parseCommandLine } from '../../src/config/command-line.ts'
import type { Config } from '../../src/config/config.ts'

function configOf(...argv: string[]): Config {
  const request = parseCommandLine(argv)
  if (request.kind !== 'run') throw new Error(`asks for ${request.kind}`)
  return request.configuration.config
}

t.test('reads words of -play up to the next one that begins with a dash', async (t) => {
  const config = configOf('-play', 'a.mp3', 'music/', 'list.m3u', '-shuffle', '-address', ':8080')
  t.match(config, { play: ['a.mp3', 'music/', 'list.m3u'], shuffle: true, loop: true, address: [{ port: 8080 }] })
  t.strictSame(configOf('-debug', '-play', 'a', 'b').play, ['a', 'b'])
  t.match(configOf('-play', 'a', '-loop=false'), { play: ['a'], loop: false })
})

t.test('adds up repeated -play, also with an equals sign', async (t) => {
  t.strictSame(configOf('-play', 'a', 'b', '-debug', '--play', 'c', '-play=d', '--play=e').play, [
    'a',
    'b',
    'c',
    'd',
    'e',
  ])
})

t.test('reads a name that begins with a dash after an equals sign or a folder', async (t) => {
  t.strictSame(configOf('-play=-x.mp3', '-play', './-x.mp3').play, ['-x.mp3', './-x.mp3'])
  t.strictSame(configOf('-play=-debug').play, ['-debug'])
})

t.test('keeps words of -play as they were typed', async (t) => {
  const odd = ['5', '0x10', 'true', 'a=b', '"quoted"', "'quoted'", 'two words', 'a\nb', 'play', 'exec', 'ж 🎵.mp3']
  t.strictSame(configOf('-play', ...odd).play, odd)
})

t.test('accepts -shuffle and -loop with their default values', async (t) => {
  t.match(configOf('-shuffle=false', '-loop'), { play: undefined, shuffle: false, loop: true })
})

const word = fc.string({ minLength: 1 }).filter((text) => !text.startsWith('-') && !text.includes('\0'))
const words = fc.array(word, { minLength: 1, maxLength: 4 })

t.test('keeps the words of -play and the meaning of other flags in any order', async (t) => {
  const others = fc.shuffledSubarray([
    ['-debug'],
    ['-close-idle'],
    ['-burst', '3s'],
    ['--address', ':1'],
    ['-filter', 'mp3'],
    ['-filter=raw'],
    ['-frame-bytes=7'],
    ['-frame-bytes', '9'],
  ])
  fc.assert(
    fc.property(others, words, words, fc.nat(8), fc.nat(8), (others, first, second, a, b) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)]
      const argv = [
        ...others.slice(0, from),
        ['-play', ...first],
        ...others.slice(from, to),
        ['--play', ...second],
        ...others.slice(to),
      ].flat()
      const { play, ...rest } = configOf(...argv)
      const { play: _, ...expected } = configOf(...others.flat())
      t.strictSame(play, [...first, ...second])
      t.strictSame(rest, expected)
    }),
  )
})
