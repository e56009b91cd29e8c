/** Splits off `-exec` and its command before yargs reads the flags, because flags of the command are not ours. */

import type { Command } from '../plan/command.ts'
import { command } from './kinds/command.ts'
import { parseValue } from './parse-value.ts'
import { UsageError, wrongValue } from './usage-error.ts'

interface Taken {
  /** The command line with `-exec=` in place of each command. */
  readonly words: readonly string[]
  /** The last command on the command line. */
  readonly command: Command | undefined
  /** The command follows `-exec --`, so no flag in it is for streamserve. */
  readonly isMarked?: true
}

// It has no value of its own, so that a missing value of the flag before it is noticed.
const placeholder = '-exec='

/**
 * Takes the commands of `-exec` out of a command line. A word with spaces is a whole command, and flags may follow it. A word
 * without spaces takes the rest of the line. After `-exec --`, all of the rest is the command.
 * @throws UsageError when `-exec` has no command.
 */
export function takeExec(argv: readonly string[]): Taken {
  const at = argv.findIndex((word) => word === '--' || /^--?exec(=|$)/.test(word))
  const word = argv[at]
  if (word === undefined || word === '--') return { words: argv, command: undefined }
  const before = [...argv.slice(0, at), placeholder]
  const rest = afterExec(word, argv.slice(at + 1))
  if (rest[0] === '--') return { words: before, command: commandAfterDashes(rest.slice(1)), isMarked: true }
  const [file, ...args] = rest
  const first = parseFirst(file)
  if (first.kind === 'words') return { words: before, command: { ...first, args } }
  const later = takeExec(args)
  return { ...later, words: [...before, ...later.words], command: later.command ?? first }
}

/** Returns the command and all words after it; the command may be joined to the flag by `=`. */
function afterExec(word: string, following: readonly string[]): readonly string[] {
  const equals = word.indexOf('=')
  return equals < 0 ? following : [word.slice(equals + 1), ...following]
}

function parseFirst(word: string | undefined): Command {
  if (word === undefined) throw new UsageError('-exec: needs a command after it', 'exec', undefined)
  if (word.startsWith('-'))
    throw wrongValue('exec', word, 'is not a command; one that begins with a dash is written after -exec --')
  return parseValue('exec', word, (text) => command.parse(text))
}

/** Only a single word can be a line for the shell here: `-exec -- "/opt/my player/play" -v` is a path with a space. */
function commandAfterDashes(words: readonly string[]): Command {
  const [file = '', ...args] = words
  if (file.trim() === '') throw new UsageError('-exec: needs a command after it', 'exec', words[0])
  return args.length > 0 ? { kind: 'words', file, args } : command.parse(file)
}
