import t from 'tap'
import { parseCommandLine } from '../../src/config/command-line.ts'

function read(...argv: string[]) {
  const request = parseCommandLine(argv)
  if (request.kind !== 'run') throw new Error(`asks for ${request.kind}`)
  return request.configuration.config
}

t.test('takes the rest of the line as words of a command without blanks, flags too', async (t) => {
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

t.test('takes a word with blanks as a whole command for the shell, and accepts flags after it', async (t) => {
  const { command, debug, frameBytes } = read('-exec', 'arecord -f cd | lame - -', '-debug', '-frame-bytes', '300')
  t.strictSame(command, { kind: 'shell', line: 'arecord -f cd | lame - -' })
  t.equal(debug, true)
  t.equal(frameBytes, 300)
})

t.test('accepts the command after an equals sign, and with two dashes', async (t) => {
  t.strictSame(read('-exec=cat', '-u').command, { kind: 'words', file: 'cat', args: ['-u'] })
  t.strictSame(read('--exec', 'cat').command, { kind: 'words', file: 'cat', args: [] })
  const { command, debug } = read('--exec=cat a | cat', '-debug')
  t.strictSame(command, { kind: 'shell', line: 'cat a | cat' })
  t.equal(debug, true)
})

t.test('takes anything after -exec -- as the command', async (t) => {
  t.strictSame(read('-exec', '--', '-odd', '-debug').command, { kind: 'words', file: '-odd', args: ['-debug'] })
  t.strictSame(read('-exec', '--', '/opt/my player', '-v').command, {
    kind: 'words',
    file: '/opt/my player',
    args: ['-v'],
  })
  t.strictSame(read('-exec', '--', 'cat a | cat').command, { kind: 'shell', line: 'cat a | cat' })
})

t.test('keeps the line of a shell in words', async (t) => {
  const line = 'curl -sS localhost:44100 | lame -r -h -b 64 -a -m l - -'
  t.strictSame(read('-close-idle', '-exec', 'sh', '-c', line).command, {
    kind: 'words',
    file: 'sh',
    args: ['-c', line],
  })
})

t.test('uses the last command', async (t) => {
  t.strictSame(read('-exec', 'a b', '-exec=c d').command, { kind: 'shell', line: 'c d' })
  t.strictSame(read('-exec', 'a b', '-debug', '-exec', 'c', '-d').command, { kind: 'words', file: 'c', args: ['-d'] })
})

t.test('takes a line break as a blank', async (t) => {
  t.strictSame(read('-exec', 'a\nb').command, { kind: 'shell', line: 'a\nb' })
})
