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

type Values = ReadonlyMap<string, readonly string[]>

function isAskedFor(flag: 'help' | 'version', values: Values): boolean {
  const option = optionsByFlag.get(flag)
  return option !== undefined && valueOf(flag, option, values.get(flag)) === true
}

function makeConfig(values: Values, command: Command | undefined): Config {
  const fields: Record<string, unknown> = {}
  for (const [flag, option] of optionsByFlag) {
    if (option.action) continue
    fields[option.field ?? camelCase(flag)] = flag === 'exec' ? command : valueOf(flag, option, values.get(flag))
  }
  // The type of Config is derived from the very table that was just walked.
  return fields as Config
}

/** Of a flag that takes one value, the last one that was given counts. */
function valueOf(flag: string, option: Option, given: readonly string[] | undefined): unknown {
  if (option.several) return given?.map((text) => parseText(flag, option, text))
  const text = given?.at(-1) ?? option.default
  return text === undefined ? undefined : parseText(flag, option, text)
}

function parseText(flag: string, { kind }: Option, text: string): unknown {
  try {
    return kind.parse(text)
  } catch (error) {
    if (error instanceof RefusedValue) throw wrongValue(flag, text, error.message)
    throw error
  }
}

function camelCase(flag: string): string {
  return flag.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}
