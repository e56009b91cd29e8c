import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { zshCompletion } from '../../../src/config/documents/zsh-completion.ts'
import { flagNames } from '../../../src/config/flags.ts'
import { needs, runProgram } from '../../programs.ts'

/**
 * Script of a zsh that drives another one in a terminal of its own: $1 is a folder with the function, the further arguments are
 * typed lines. Possible completions of each line are written to the file `found`, after a line `at:`.
 */
const typist = `
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PS1=; LISTMAX=10000; cd $1; fpath=($1 \\$fpath); autoload -Uz compinit; compinit -u -D"
zpty -w shell 'compadd() { local -a found; builtin compadd -O found "$@"; print -rl -- "$found[@]" >>found; builtin compadd "$@" }'
zpty -w shell 'zle -C list list-choices _main_complete; look() { print at: >>found; zle list; BUFFER=; print -r rea""dy }'
zpty -w shell 'zle -N look; bindkey "^X" look; print -r rea""dy'
zpty -r shell REPLY '*ready*'
shift
for line; do
  zpty -w -n shell "$line"$'\\x18'
  zpty -r shell REPLY '*ready*'
done
`

/** @returns the possible completions of each line */
function complete(t: Test, lines: readonly string[]): readonly (readonly string[])[] {
  const folder = mkdtempSync(join(tmpdir(), 'streamserve-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, '_streamserve'), zshCompletion())
  writeFileSync(join(folder, 'radio.conf'), '')
  runProgram('zsh', ['-fc', typist, 'zsh', folder, ...lines.map((line) => `streamserve ${line}`)])
  const answers = readFileSync(join(folder, 'found'), 'utf8').split('at:\n').slice(1)
  return answers.map((answer) => [...new Set(answer.split('\n').filter((word) => word !== ''))].toSorted())
}

t.test('zsh completes flags, choices, files, and the command of -exec', { skip: needs('zsh') }, async (t) => {
  const expected = {
    '-': flagNames.map((name) => `-${name}`).toSorted(),
    '-log-format ': ['json', 'text'],
    '-reopen=': ['false', 'true'],
    '-filter=m': ['mp3'],
    '-filter r': ['radio.conf', 'raw'],
    '-config r': ['radio.conf'],
    '-play a b r': ['radio.conf'],
    '-uid roo': ['root'],
    '-debug -exec mkfif': ['mkfifo'],
  }
  t.strictSame(complete(t, Object.keys(expected)), Object.values(expected))
})
