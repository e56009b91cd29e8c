/** Reads the command line as a request. */

import type { Command } from '../plan/command.ts'
import type { ProgramPlan } from '../plan/program-plan.ts'
import { printable } from '../text/printable.ts'
import { configurationOf } from './configuration.ts'
import { takeExec } from './exec-words.ts'
import { readFlagValues } from './flag-values.ts'
import { optionsByFlag } from './flags.ts'
import type { Given } from './given.ts'
import { valueOf } from './make-config.ts'
import { makePlan } from './make-plan.ts'
import { namesSource, refuseNoSource } from './named-source.ts'
import { passedFlags } from './passed-flags.ts'
import { type ProbeRequest, probeRequest } from './probe-request.ts'
import type { Configuration } from './settings.ts'
import { type SignRequest, signRequest } from './sign-request.ts'
import { refuseStrays } from './strays.ts'
import { UsageError } from './usage-error.ts'

const ON_COMMAND_LINE = 'put it before -exec, or quote the command'
const IN_FILE = 'give it a line of its own'

/** A valid configuration. */
export interface ValidConfiguration {
  /** All options as given, for the comparison at a reload. */
  readonly configuration: Configuration
  readonly plan: ProgramPlan
  /** Warnings about values that are valid but probably not intended. */
  readonly doubts: readonly string[]
}

/** Request of a command line. */
export type CommandLine =
  | ({ readonly kind: 'run' } & ValidConfiguration)
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'sign'; readonly request: SignRequest }
  | { readonly kind: 'probe'; readonly request: ProbeRequest }
  /** `subject`, the command line or the file of `-config`, is valid. */
  | ({ readonly kind: 'check'; readonly subject: string } & ValidConfiguration)

/**
 * Reads the arguments of the program, and the file of `-config`, which is read again each time. A request for help takes
 * precedence over errors in other values.
 * @param running the configuration of a program that rereads the file; undefined: the program starts.
 * @throws UsageError about the first error, and nothing else.
 */
export function parseCommandLine(argv: readonly string[], running?: Configuration): CommandLine {
  const { words, command, isMarked } = takeExec(argv)
  const { values, strays } = readFlagValues(words)
  if (isAskedFor('help', values)) return { kind: 'help' }
  if (isAskedFor('version', values)) return { kind: 'version' }
  const isCheck = isAskedFor('check', values)
  refuseStrays(strays, command)
  if (values.has('probe')) return { kind: 'probe', request: probeRequest(values) }
  const configuration = configurationOf({ values, command }, !isCheck && running === undefined)
  if (values.has('sign')) return { kind: 'sign', request: signRequest(values, configuration) }
  if (values.has('for')) throw new UsageError('-for: needs -sign or -probe', 'for', undefined)
  const { config, isStation } = configuration
  const needsSource = isCheck ? !config.talk : running !== undefined && namesSource(running.config)
  if (needsSource && !isStation) refuseNoSource(config)
  const doubts = isMarked ? [] : doubtsOf(configuration, command)
  const valid = { configuration, plan: makePlan(configuration), doubts }
  if (isCheck) return { kind: 'check', subject: printable(config.configFile ?? 'the command line'), ...valid }
  return { kind: 'run', ...valid }
}

function doubtsOf({ streams, isStation }: Configuration, typed: Command | undefined): readonly string[] {
  return streams.flatMap(({ place, config }) => {
    const hint = config.command === typed ? ON_COMMAND_LINE : IN_FILE
    const found = passedFlags(config.command, hint)
    return isStation && place !== undefined ? found.map((doubt) => `${place}: ${doubt}`) : found
  })
}

function isAskedFor(flag: 'help' | 'version' | 'check', values: Given['values']): boolean {
  const option = optionsByFlag.get(flag)
  return option !== undefined && valueOf(flag, option, values.get(flag)) === true
}
