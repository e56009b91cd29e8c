import t from 'tap'
import { parseCommandLine } from '../../src/config/command-line.ts'

function read(...argv: string[]) {
  const request = parseCommandLine(argv)
  if (request.kind !== 'run') throw new Error(`asks for ${request.kind}`)
  return request.config
}

t.test('a word without blanks takes the rest of the line as its own, flags too', async (t) => {
  const { command, debug, reopen } = read(
    '-reopen=false',
    '-exec',
    'arecord',
    '-f',
    'cd',
    '-debug',
    '--',
    '-exec',
    'x y',
  )
  t.strictSame(command, { kind: 'words', file: 'arecord', args: ['-f', 'cd', '-debug', '--', '-exec', 'x y'] })
  t.equal(debug, false)
  t.equal(reopen, false)
})

t.test('a word with blanks is a whole command for the shell, and flags may follow', async (t) => {
  const { command, debug, frameBytes } = read('-exec', 'arecord -f cd | lame - -', '-debug', '-frame-bytes', '300')
  t.strictSame(command, { kind: 'shell', line: 'arecord -f cd | lame - -' })
  t.equal(debug, true)
  t.equal(frameBytes, 300)
})

t.test('the command may be joined by an equals sign, and two dashes do as well', async (t) => {
  t.strictSame(read('-exec=cat', '-u').command, { kind: 'words', file: 'cat', args: ['-u'] })
  t.strictSame(read('--exec', 'cat').command, { kind: 'words', file: 'cat', args: [] })
  const { command, debug } = read('--exec=cat a | cat', '-debug')
  t.strictSame(command, { kind: 'shell', line: 'cat a | cat' })
  t.equal(debug, true)
})

t.test('after -exec -- the rest is the command, whatever it looks like', async (t) => {
  t.strictSame(read('-exec', '--', '-odd', '-debug').command, { kind: 'words', file: '-odd', args: ['-debug'] })
  t.strictSame(read('-exec', '--', '/opt/my player', '-v').command, {
    kind: 'words',
    file: '/opt/my player',
    args: ['-v'],
  })
  t.strictSame(read('-exec', '--', 'cat a | cat').command, { kind: 'shell', line: 'cat a | cat' })
})

t.test('a shell in words keeps its line', async (t) => {
  const line = 'curl -sS localhost:44100 | lame -r -h -b 64 -a -m l - -'
  t.strictSame(read('-close-idle', '-exec', 'sh', '-c', line).command, {
    kind: 'words',
    file: 'sh',
    args: ['-c', line],
  })
})

t.test('the last command wins', async (t) => {
  t.strictSame(read('-exec', 'a b', '-exec=c d').command, { kind: 'shell', line: 'c d' })
  t.strictSame(read('-exec', 'a b', '-debug', '-exec', 'c', '-d').command, { kind: 'words', file: 'c', args: ['-d'] })
})

t.test('a line break is a blank', async (t) => {
  t.strictSame(read('-exec', 'a\nb').command, { kind: 'shell', line: 'a\nb' })
})
