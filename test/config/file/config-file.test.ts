import { writeFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { parseCommandLine } from '../../../src/config/command-line.ts'
import { UsageError } from '../../../src/config/usage-error.ts'
import { configFiles, configOf } from './config-files.ts'

const radio = `
# The sound card.
address :8080
exec arecord -f cd --file-type raw
pcm cd

  # Comments and flags may be indented.
  reopen   false\t
close-idle
name  Radio  #1
`

t.test('reads the same from a file with one flag per line as from the command line', async (t) => {
  const file = configFiles(t)(radio)
  const { configFile, ...config } = configOf('-config', file)
  const typed = ['-address', ':8080', '-pcm', 'cd', '-reopen=false', '-close-idle', '-name', 'Radio  #1']
  const { configFile: _, ...expected } = configOf(...typed, '-exec', 'arecord', '-f', 'cd', '--file-type', 'raw')
  t.strictSame(config, expected)
  t.equal(configFile, file)
})

t.test('accepts line ends of Windows, a byte order mark and an empty file', async (t) => {
  const file = configFiles(t)
  const { configFile: _, ...plain } = configOf('-config', file(radio))
  const { configFile: __, ...windows } = configOf('-config', file(`\uFEFF${radio.replaceAll('\n', '\r\n')}`))
  t.strictSame(windows, plain)
  t.match(configOf('-config', file('\uFEFFaddress :1')), { address: [{ port: 1 }] })
  for (const nothing of ['', '\n', '\uFEFF', '#', ' \r\n# only a comment']) {
    const { configFile: ___, ...config } = configOf('-config', file(nothing))
    t.strictSame({ ...config, configFile: undefined }, configOf())
  }
})

t.test('takes the rest of a line unchanged as the value', async (t) => {
  const file = configFiles(t)
  const valueOf = (value: string) => configOf('-config', file(`title-file ${value}`)).titleFile
  for (const value of ['5', '"quoted"', 'a # b', 'two  words', 'a=b', '-dash', '$HOME', 'a\\', 'ж 🎵']) {
    t.equal(valueOf(value), value)
    t.equal(valueOf(` \t${value}\t `), value)
  }
})

t.test('prefers the command line, flag by flag', async (t) => {
  const file = configFiles(t)('address :1\nfilter mp3\nclose-idle\nburst 5s\nplay a b\n')
  t.match(configOf('-config', file), { address: [{ port: 1 }], frameFilter: 'mp3', closeIdle: true, play: ['a', 'b'] })
  const argv = ['-address', ':2', '-config', file, '-frame-filter', 'raw', '-close-idle=false', '-play', 'c']
  const config = configOf(...argv)
  t.match(config, { address: [{ port: 2 }], frameFilter: 'raw', closeIdle: false, burst: 5000 })
  t.strictSame(config.play, ['c'])
})

t.test('replaces any source in the file by one on the command line', async (t) => {
  const file = configFiles(t)
  for (const source of ['exec a | b', 'path /a', 'play a', 'demo', 'relay http://a/']) {
    const config = file(source)
    t.match(configOf('-config', config, '-path', '/b'), {
      path: '/b',
      demo: false,
      command: undefined,
      play: undefined,
    })
    t.match(configOf('-config', config, '-demo'), { demo: true, command: undefined, path: undefined, play: undefined })
    t.match(configOf('-config', config, '-exec', 'b'), { command: { file: 'b' }, path: undefined, demo: false })
  }
  t.match(configOf('-config', file('exec a b'), '-demo=false'), { command: { file: 'a' } })
  t.match(configOf('-config', file('demo'), '-demo=false'), { demo: false })
})

t.test('reads the last one of several files', async (t) => {
  const file = configFiles(t)
  t.match(configOf('-config', file('debug'), '-config', file('warm')), { debug: false, warm: true })
})

t.test('reads the file again each time', async (t) => {
  const path = configFiles(t)('address :1')
  t.match(configOf('-config', path), { address: [{ port: 1 }] })
  writeFileSync(path, 'address :2')
  t.match(configOf('-config', path), { address: [{ port: 2 }] })
})

t.test('prints help when requested, for any content of the file', async (t) => {
  t.strictSame(parseCommandLine(['-config', '/nowhere', '-help']), { kind: 'help' })
})

t.test('returns plans or UsageErrors of one line each for any file', async (t) => {
  const file = configFiles(t)
  const name = fc.constantFrom('play', 'exec', 'address', 'reopen', 'config', 'help', '-debug', '', '#', '__proto__')
  const value = fc.oneof(
    fc.string(),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(':80', 'false', '"', "'", '= x', '--'),
  )
  const line = fc.tuple(name, fc.constantFrom(' ', '=', '\t', ''), value).map((parts) => parts.join(''))
  const text = fc.array(line, { maxLength: 5 }).map((lines) => lines.join('\n'))
  fc.assert(
    fc.property(fc.oneof(text, fc.uint8Array()), (content) => {
      try {
        return parseCommandLine(['-config', file(content)]).kind === 'run'
      } catch (error) {
        if (!(error instanceof UsageError)) return false
        return [error, ...error.further].every(({ message }) => !/[\p{Cc}\u2028\u2029]/u.test(message))
      }
    }),
    { numRuns: 500 },
  )
})
