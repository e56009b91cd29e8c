import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import t from 'tap'
import { parseExecLine } from '../../../src/config/file/exec-line.ts'
import type { Command } from '../../../src/plan/command.ts'
import { configFiles, configOf } from './config-files.ts'

const words = (file: string, ...args: string[]): Command => ({ kind: 'words', file, args })
const shell = (line: string): Command => ({ kind: 'shell', line })

t.test('reads plain and quoted words as a program and its arguments, like a shell', async (t) => {
  t.strictSame(parseExecLine('cat'), words('cat'))
  t.strictSame(parseExecLine('arecord  -f cd\t-D hw:1,0'), words('arecord', '-f', 'cd', '-D', 'hw:1,0'))
  t.strictSame(
    parseExecLine(`"/opt/my player/play" -t 'a b' -x="c d"`),
    words('/opt/my player/play', '-t', 'a b', '-x=c d'),
  )
  t.strictSame(parseExecLine(`sh -c 'curl -sS $URL | lame - -'`), words('sh', '-c', 'curl -sS $URL | lame - -'))
  t.strictSame(parseExecLine(`play "" ''`), words('play', '', ''))
})

t.test('passes a line with other shell syntax to the shell', async (t) => {
  const lines = [
    'a | b',
    'a; b',
    'a && b',
    'a $X',
    'a $(b)',
    'a `b`',
    'a > b',
    'a 2>/dev/null',
    'a *.mp3',
    'a ~/b',
    'a &',
  ]
  lines.push('a # b', 'a \\; b', 'X=1 a', 'exec a b', '(a)', 'a "$X"', "'a'|b", 'a "b')
  for (const line of lines) t.strictSame(parseExecLine(line), shell(line))
})

t.test('reads a line in quotes like -exec on the command line', async (t) => {
  t.strictSame(parseExecLine('"arecord -f cd | lame - -"'), shell('arecord -f cd | lame - -'))
  t.strictSame(parseExecLine(`'echo "$X" | cat'`), shell('echo "$X" | cat'))
  t.strictSame(parseExecLine('"echo \\"\\$X\\" | tr \'\\n\' x"'), shell('echo "$X" | tr \'\\n\' x'))
  t.strictSame(parseExecLine('"cat"'), words('cat'))
})

t.test('accepts a command that begins with a dash after two dashes', async (t) => {
  t.strictSame(parseExecLine('-- -odd -debug'), words('-odd', '-debug'))
  t.strictSame(parseExecLine('-- -odd | b'), shell('-odd | b'))
  t.throws(() => parseExecLine('-odd'), /is written after exec --/)
  t.throws(() => parseExecLine('--odd'), /is written after exec --/)
})

t.test('it comes to Config as a command', async (t) => {
  const file = configFiles(t)
  t.strictSame(configOf('-config', file('exec arecord -f cd')).command, words('arecord', '-f', 'cd'))
  t.strictSame(configOf('-config', file('exec a | b\ndebug')).command, shell('a | b'))
})

t.test('runs the words without a shell that a shell would make of the line', async () => {
  const args = fc.array(fc.stringMatching(/^[a-z '"=,./$-]{0,8}$/), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(args, (texts) => {
      const line = `printf '%s,' ${texts.join(' ')}`.trim()
      const command = parseExecLine(line)
      if (command.kind === 'shell') return command.line === line
      const printed = execFileSync(command.file, command.args, { encoding: 'utf8' })
      return printed === execFileSync('sh', ['-c', line], { encoding: 'utf8' })
    }),
    { numRuns: 200 },
  )
})
