/** From what was typed to what is to be done. */

import { RefusedValue } from '../refused-value.ts'
import type { Config } from './config.ts'
import { refuseConflicts } from './conflicts.ts'
import { takeExec } from './exec-words.ts'
import { readFlagValues } from './flag-values.ts'
import { optionsByFlag } from './flags.ts'
import type { Command } from './kinds/command.ts'
import type { Option } from './option.ts'
import { refuseStrays } from './strays.ts'
import { wrongValue } from './usage-error.ts'

/** What was asked for. */
export type CommandLine =
  | { readonly kind: 'run'; readonly config: Config }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }

/**
 * Reads the words after the program's name. Whoever asks for help gets it, whatever else is wrong with the values.
 * @throws UsageError about the first thing that cannot be followed; nothing else.
 */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const { words, command } = takeExec(argv)
  const { values, strays } = readFlagValues(words)
  if (isAskedFor('help', values)) return { kind: 'help' }
  if (isAskedFor('version', values)) return { kind: 'version' }
  refuseStrays(strays, command)
  const config = makeConfig(values, command)
  refuseConflicts(config)
  return { kind: 'run', config }
}

function isAskedFor(flag: 'help' | 'version', values: ReadonlyMap<string, string>): boolean {
  const option = optionsByFlag.get(flag)
  return option !== undefined && parseValue(flag, option, values.get(flag)) === true
}

function makeConfig(values: ReadonlyMap<string, string>, command: Command | undefined): Config {
  const fields: Record<string, unknown> = {}
  for (const [flag, option] of optionsByFlag) {
    if (option.action) continue
    fields[option.field ?? camelCase(flag)] = flag === 'exec' ? command : parseValue(flag, option, values.get(flag))
  }
  // The type of Config is derived from the very table that was just walked.
  return fields as Config
}

function parseValue(flag: string, option: Option, given: string | undefined): unknown {
  const text = given ?? option.default
  if (text === undefined) return undefined
  try {
    return option.kind.parse(text)
  } catch (error) {
    if (error instanceof RefusedValue) throw wrongValue(flag, text, error.message)
    throw error
  }
}

function camelCase(flag: string): string {
  return flag.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}
