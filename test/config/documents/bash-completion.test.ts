import t from 'tap'
import { bashCompletion } from '../../../src/config/documents/bash-completion.ts'
import { flagNames, optionsByFlag } from '../../../src/config/flags.ts'
import { needs, runProgram } from '../../programs.ts'

/** COMP_TYPE of bash: Tab completes the last word, ! lists completions again, % cycles through them. */
const TAB = 9
const MENU = 37

/** @returns bash's completions of the last word; and the default completion, where bash falls back to it */
function complete(words: readonly string[], type = TAB): string[] {
  const script = `${bashCompletion()}
compopt() { echo "compopt $*"; }
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_TYPE=${type} COLUMNS=300
_streamserve
printf '%s\\n' "\${COMPREPLY[@]}"`
  const output = runProgram('bash', ['-euc', script, 'bash', 'streamserve', ...words]).toString()
  return output.split('\n').filter((line) => line !== '')
}

t.test('bash completes', { skip: needs('bash') }, async (t) => {
  t.test('flags, with their help when there are several', async (t) => {
    const all = complete(['-'])
    t.strictSame(
      all.map((line) => line.split(' ')[0]),
      flagNames.map((name) => `-${name}`),
    )
    for (const [flag, { help }] of optionsByFlag)
      t.ok(
        all.some((line) => line.startsWith(`-${flag} `) && line.endsWith(help)),
        flag,
      )
    t.strictSame(complete(['']), all)
    t.strictSame(complete(['-cont']), ['-content-type'])
    t.strictSame(complete(['--cont']), ['--content-type'])
    t.strictSame(complete(['-frame-'], MENU), ['-frame-filter', '-frame-bytes', '-frame-ancestors'])
    t.strictSame(complete(['-nosuch']), [])
  })

  t.test('values that can be chosen, behind a blank or an equals sign', async (t) => {
    t.strictSame(complete(['-log-format', '']), ['text', 'json'])
    t.strictSame(complete(['--log-format', 'j']), ['json'])
    t.strictSame(complete(['-log-format', '=']), ['text', 'json'])
    t.strictSame(complete(['-log-format', '=', 'j']), ['json'])
    t.strictSame(complete(['-filter', 'm']), ['compopt -o default', 'mp3'])
    t.strictSame(complete(['-uid', 'roo']), ['root'])
    t.strictSame(complete(['-burst', '']), [])
  })

  t.test('true and false of a switch only behind an equals sign', async (t) => {
    t.strictSame(complete(['-reopen', '=']), ['true', 'false'])
    t.strictSame(complete(['-reopen', '=', 'f']), ['false'])
    t.strictSame(complete(['-reopen', '']), complete(['-']))
  })

  t.test('files for flags that take one or several', async (t) => {
    for (const words of [
      ['-path', ''],
      ['-config', 'a'],
      ['-title-file', '=', 'a'],
      ['-play', 'a', 'b', 'c'],
    ])
      t.strictSame(complete(words), ['compopt -o default'])
    t.strictSame(complete(['-play', 'a', '-cont']), ['-content-type'])
  })

  t.test('the command of -exec and its files, and flags after one in quotes', async (t) => {
    t.ok(complete(['-exec', 'bas']).includes('bash'))
    t.ok(complete(['-exec', '=', 'bas']).includes('bash'))
    t.strictSame(complete(['-exec', 'cat', '-cont']), ['compopt -o default'])
    t.strictSame(complete(['-exec', '"cat a"', '-cont']), ['-content-type'])
  })
})
