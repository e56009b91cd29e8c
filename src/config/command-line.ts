/** From what was typed to what is to be done. */

import { printable } from '../text/printable.ts'
import type { Config } from './config.ts'
import { takeExec } from './exec-words.ts'
import { readFlagValues } from './flag-values.ts'
import { optionsByFlag } from './flags.ts'
import type { Given } from './given.ts'
import { valueOf } from './make-config.ts'
import { namesSource, refuseNoSource } from './named-source.ts'
import { passedFlags } from './passed-flags.ts'
import { refuseStrays } from './strays.ts'
import { configOf } from './with-file.ts'

const ON_COMMAND_LINE = 'put it before -exec, or quote the command'
const IN_FILE = 'give it a line of its own'

/** Request of a command line; `doubts` are warnings about values that are valid but probably not intended. */
export type CommandLine =
  | { readonly kind: 'run'; readonly config: Config; readonly doubts: readonly string[] }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  /** Nothing is wrong in `subject`: the command line, or the file of `-config`. */
  | { readonly kind: 'check'; readonly config: Config; readonly doubts: readonly string[]; readonly subject: string }

/**
 * Reads the words after the program's name, and the file of `-config`, which is read anew each time. A request for
 * help is honoured even when other values are wrong.
 * @param running the configuration of a program that runs and reads the file again; undefined: it starts.
 * @throws UsageError about the first thing that cannot be followed; nothing else.
 */
export function parseCommandLine(argv: readonly string[], running?: Config): CommandLine {
  const { words, command, isMarked } = takeExec(spelledOut(argv))
  const { values, strays } = readFlagValues(words)
  if (isAskedFor('help', values)) return { kind: 'help' }
  if (isAskedFor('version', values)) return { kind: 'version' }
  const isCheck = isAskedFor('check', values)
  refuseStrays(strays, command)
  const config = configOf({ values, command }, !isCheck && running === undefined)
  if (isCheck ? !config.talk : running !== undefined && namesSource(running)) refuseNoSource(config)
  const doubts = isMarked ? [] : passedFlags(config.command, command === undefined ? IN_FILE : ON_COMMAND_LINE)
  if (isCheck) return { kind: 'check', config, doubts, subject: printable(config.configFile ?? 'the command line') }
  return { kind: 'run', config, doubts }
}

/** A sole word that asks for something, as many programs have it, is read as the flag. */
function spelledOut(argv: readonly string[]): readonly string[] {
  const [word, ...others] = argv
  return word !== undefined && others.length === 0 && REQUESTS.has(word) ? [`-${word}`] : argv
}

const REQUESTS = new Set(['help', 'version'])

function isAskedFor(flag: 'help' | 'version' | 'check', values: Given['values']): boolean {
  const option = optionsByFlag.get(flag)
  return option !== undefined && valueOf(flag, option, values.get(flag)) === true
}
