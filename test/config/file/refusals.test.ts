import { chmodSync } from 'node:fs'
import { dirname } from 'node:path'
import t from 'tap'
import { cannotChangeUser } from '../../../src/system/drop-rights.ts'
import { runProgram } from '../../programs.ts'
import { configFiles, configOf, refusal } from './config-files.ts'

const lines: readonly (readonly [line: string, message: string | RegExp])[] = [
  ['source-buffer 2', '-source-buffer "2": must be more than 2'],
  ['adress :80', '-adress: no such flag; the nearest is -address'],
  ['Address :80', '-Address: no such flag; the nearest is -address'],
  ['address', '-address: needs a value: address HOST:PORT ...'],
  ['exec', '-exec: needs a value: exec COMMAND'],
  ['play', '-play: needs a value: play FILE ...'],
  ['play a ""', /^-play "": needs the name/],
  ['play "a b', /^-play "\\"a b": has a quote that is not closed/],
  ['exec -f cd', '-exec "-f cd": is not a command; one that begins with a dash is written after exec --'],
  ['exec "" a', '-exec "\\"\\" a": needs a command'],
  ['exec --', '-exec "--": needs a command'],
  ['close-idle maybe', '-close-idle "maybe": must be true or false'],
  ['address :80 # the port', /^-address "#": has no port/],
  ['-debug', '"-debug": flags in a file are written without a dash'],
  ['--', '"--": flags in a file are written without a dash'],
  ['reopen=false', '"reopen=false": flags in a file are written without an equals sign'],
  ['name = Radio', '"name": flags in a file are written without an equals sign'],
  ['config other.conf', '-config: is accepted on the command line only'],
  ['help', '-help: is accepted on the command line only'],
  ['h', '-help: is accepted on the command line only'],
  ['version', /^-version: is accepted on the command line only/],
  ['check false', /^-check: is accepted on the command line only/],
  ['[radio]', /^"\[radio\]": the path of a section begins with a slash/],
]

const NO_FILE = 'no such file; -config needs a file of flags, or a directory with *.conf files'

t.test('refuses a wrong line with file, line and the right form', async (t) => {
  const file = configFiles(t)
  for (const [line, message] of lines) {
    const path = file(`# Radio\n\ndebug\n  ${line}\r\n`)
    const error = refusal('-config', path)
    const place = `${path}:4: `
    t.ok(error.message.startsWith(place), error.message)
    if (typeof message === 'string') t.equal(error.message.slice(place.length), message)
    else t.match(error.message.slice(place.length), message)
  }
})

t.test('refuses a flag that is given twice, by any of its names', async (t) => {
  const file = configFiles(t)
  t.match(refusal('-config', file('debug\nburst 1s\nburst 1s')).message, /:3: -burst: is already set in line 2$/)
  t.match(
    refusal('-config', file('filter mp3\nframe-filter mp3')).message,
    /:2: -frame-filter: is already set in line 1$/,
  )
  t.match(refusal('-config', file('exec a\n\nexec b')).message, /:3: -exec: is already set in line 1/)
})

t.test('reports all wrong lines, and the first ones of very many', async (t) => {
  const file = configFiles(t)
  const error = refusal('-config', file('adress :1\nwarm\nburst 5\n'))
  t.match(error, { flag: 'adress', message: /:1: / })
  t.match(error.further, [{ flag: 'burst', value: '5', message: /:3: -burst "5": needs a unit/ }])
  t.equal(refusal('-config', file('{\n'.repeat(1000))).further.length, 19)
})

t.test('refuses a wrong line even when the command line overrides it', async (t) => {
  t.match(refusal('-config', configFiles(t)('burst 5'), '-burst', '5s').message, /:1: -burst "5": needs a unit/)
})

t.test('reports options that exclude each other with their line in the file', async (t) => {
  const file = configFiles(t)
  t.match(refusal('-config', file('# two\npath /a\nexec b')).message, /^\/.*:3: -exec cannot be combined with -path: /)
  t.match(refusal('-config', file('debug\nshuffle')).message, /^\/.*:2: -shuffle: /)
  t.match(refusal('-config', file('pcm cd'), '-demo').message, /^\/.*:1: -demo cannot be combined with -pcm: /)
})

function told(path: string): string {
  return refusal('-config', path).message
}

t.test('refuses anything except a text file in one line', async (t) => {
  const file = configFiles(t)
  const path = file('')
  const folder = dirname(path)
  const fifo = `${folder}/fifo`
  runProgram('mkfifo', [fifo])
  t.equal(told(`${folder}/none`), `${folder}/none: ${NO_FILE}`)
  t.equal(told(`${path}/none`), `${path}/none: ${NO_FILE}`)
  t.equal(told(t.testdir()), `${t.testdirName}: this directory contains no *.conf files`)
  t.equal(told(fifo), `${fifo}: is a pipe, not a file`)
  t.equal(told('/dev/zero'), '/dev/zero: is larger than 1 MiB')
  t.match(told('a\0b'), /^-config "a\\u0000b": cannot contain a zero byte$/)
  t.match(told(file(Buffer.from('debug\nname caf\xe9\n', 'latin1'))), /:2: is not in UTF-8$/)
  t.match(told(file(Buffer.from('\uFEFFdebug\n', 'utf16le'))), /:1: is not in UTF-8$/)
  t.match(told(file('debug\nwarm\0')), /:2: has a zero byte$/)
  t.match(told(file('#'.repeat(2 ** 20 + 1))), /: is larger than 1 MiB$/)
  t.match(told(file('#'.repeat(2 ** 20 - 1).concat('\u00e9'))), /: is larger than 1 MiB$/)
  t.throws(() => told(file('#'.repeat(2 ** 20))), /not refused/)
})

const skip = cannotChangeUser() && 'needs a Node.js that can change its user'
t.test('refuses a file that the user cannot read', { skip }, async (t) => {
  const path = configFiles(t)('debug')
  chmodSync(path, 0)
  // Root may read everything, so it becomes nobody for a moment.
  const isRoot = process.getuid?.() === 0
  if (isRoot) process.seteuid?.('nobody')
  const message = told(path)
  if (isRoot) process.seteuid?.(0)
  t.equal(message, `${path}: this user is not permitted to read it`)
})

t.test('reads or refuses a line of the maximum length of a file quickly', async (t) => {
  const file = configFiles(t)
  for (const piece of ['a', '"a b"', '\\a', 'a ', '" "', "'a'b"]) {
    const path = file(`play ${piece.repeat(Math.floor((2 ** 20 - 10) / piece.length))}`)
    const started = performance.now()
    const { play } = configOf('-config', path)
    t.ok(play !== undefined && performance.now() - started < 10_000, piece)
  }
  t.match(refusal('-config', file(`play "${'a"b"c'.repeat(200_000)}`)).message, /not closed/)
})
