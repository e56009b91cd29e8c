/** Flags of streamserve among the words of a command, which are passed to the command. */
import { basename } from 'node:path'
import type { Command } from '../plan/command.ts'
import { bareFlag } from './flags.ts'
import { command as line } from './kinds/command.ts'
import { headerText } from './kinds/header-text.ts'
import type { Kind } from './kinds/kind.ts'
import { path } from './kinds/path.ts'
import { token } from './kinds/token.ts'
import { user } from './kinds/user.ts'
import { quoted } from './usage-error.ts'

/** Boolean flags that other programs have too. */
const COMMON_SWITCHES = new Set(['check', 'debug', 'help', 'loop', 'shuffle', 'version'])
/** Kinds that accept almost any word, so that the value does not show whether the flag is for streamserve. */
const ANY_WORD = new Set<Kind<unknown>>([headerText, line, path, token, user])

/**
 * Describes each flag in the command that was probably meant for streamserve: other programs are unlikely to have a flag of
 * this name that takes this value.
 * @param hint how to write it instead
 */
export function passedFlags(command: Command | undefined, hint: string): string[] {
  if (command?.kind !== 'words') return []
  const program = quoted(basename(command.file)).slice(1, -1)
  const flags = command.args.filter((word, at) => isOwn(word, command.args[at + 1]))
  const names = new Set(flags.map((word) => word.split('=', 1)[0]))
  return [...names].map((name) => `${name} after -exec is passed to ${program}: ${hint}`)
}

function isOwn(word: string, next: string | undefined): boolean {
  const [, typed = '', , joined] = /^(--?([^=]*))(?:=(.*))?$/s.exec(word) ?? []
  const found = bareFlag(typed)
  if (found === undefined) return false
  const name = typed.replace(/^--?/, '')
  if (name.includes('-')) return true
  // Other programs write long names of flags with two dashes.
  if (typed.startsWith('--')) return false
  const { kind } = found.option
  if (kind.bare !== undefined) return !COMMON_SWITCHES.has(found.flag)
  return !ANY_WORD.has(kind) && isValue(kind, joined ?? next)
}

function isValue(kind: Kind<unknown>, text: string | undefined): boolean {
  if (text === undefined) return false
  try {
    kind.parse(text)
    return true
  } catch {
    return false
  }
}
