/** Unexpected words on the command line: all are refused, with a message that suggests the likely intention. */
import type { Command } from '../plan/command.ts'
import { quoted, UsageError } from './usage-error.ts'

/** @throws UsageError when there is such a word. */
export function refuseStrays(strays: readonly string[], command: Command | undefined): void {
  const [word] = strays
  if (word === undefined) return
  throw new UsageError(`${quoted(word)}: unexpected argument; ${probableMeaning(word, command)}`, undefined, word)
}

function probableMeaning(word: string, command: Command | undefined): string {
  if (command?.kind === 'shell') return 'only flags may follow a command in quotes'
  if (/:\d+$/.test(word)) return `an address needs -address before it`
  if (word.startsWith('-')) return 'flags end at --'
  return 'a command needs -exec before it'
}
