import t from 'tap'
import { parseCommandLine } from '../../src/config/command-line.ts'
import { configFiles } from './file/config-files.ts'

function doubtsOf(...argv: string[]): readonly string[] {
  const request = parseCommandLine(argv)
  return request.kind === 'run' || request.kind === 'check' ? request.doubts : []
}

const HINT = 'put it before -exec, or quote the command'

function named(...flags: string[]): string[] {
  return flags.map((flag) => `${flag} after -exec is passed to ffmpeg: ${HINT}`)
}

t.test('names each own flag that is passed to the command', async (t) => {
  const command = ['-exec', '/usr/bin/ffmpeg', '-i', 'x', '-f', 'mp3', '-']
  t.strictSame(doubtsOf(...command, '-address', ':8080'), named('-address'))
  t.strictSame(doubtsOf(...command, '-address=:8080'), named('-address'))
  t.strictSame(
    doubtsOf(...command, '-close-idle', '-burst', '2s', '--frame-filter', 'mp3', '-warm', '-status=off', '-close-idle'),
    named('-close-idle', '-burst', '--frame-filter', '-warm', '-status'),
  )
  t.strictSame(doubtsOf(...command, '-title-file', '/tmp/title', '-check'), named('-title-file'))
})

t.test('accepts flags that other programs have', async (t) => {
  for (const command of [
    ['ffmpeg', '-loop', '1', '-filter', 'volume=2', '-debug', '-i', 'x', '-f', 'mp3', '-', '-h'],
    ['find', '/', '-path', '*.mp3', '-exec', 'cat', '{}', ';'],
    ['player', '--address', 'localhost:80', '--name', 'x', '--config', 'y', '--url=http://radio.example/'],
    ['arecord', '-f', 'cd', '-t', 'raw', '-d', '0', '-address'],
    ['player', '-address', 'somewhere', '-burst', '5', '-name', 'x', '-uid', 'y'],
  ])
    t.strictSame(doubtsOf('-exec', ...command), [], command.join(' '))
})

t.test('accepts a command in quotes, and one behind two dashes', async (t) => {
  t.strictSame(doubtsOf('-exec', 'ffmpeg -i x -f mp3 - -address :8080', '-address', ':8080'), [])
  t.strictSame(doubtsOf('-exec', '--', 'player', '-address', ':8080'), [])
})

t.test('accepts a flag on a line of its own in a file', async (t) => {
  const file = configFiles(t)('exec ffmpeg -i x -f mp3 - -address :8080\n')
  t.strictSame(doubtsOf('-config', file), ['-address after -exec is passed to ffmpeg: give it a line of its own'])
})

t.test('uses the last command only', async (t) => {
  t.strictSame(doubtsOf('-exec', 'a b', '-exec', 'c', '-close-idle'), [
    `-close-idle after -exec is passed to c: ${HINT}`,
  ])
})
