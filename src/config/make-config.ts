/** Parses texts of flags into Config. */
import type { Config } from './config.ts'
import { fieldOf, optionsByFlag } from './flags.ts'
import type { Given } from './given.ts'
import type { Option } from './option.ts'
import { parseOption } from './parse-value.ts'

/** @throws UsageError about the first text that is not a valid value of its flag. */
export function makeConfig({ values, command }: Given): Config {
  const fields: Record<string, unknown> = {}
  for (const [flag, option] of optionsByFlag) {
    if (option.action) continue
    fields[fieldOf(flag)] = flag === 'exec' ? command : valueOf(flag, option, values.get(flag))
  }
  // The type of Config is derived from the same table.
  return fields as Config
}

/** Returns the parsed value of a flag. If a flag with a single value is repeated, the last value counts. */
export function valueOf(flag: string, option: Option, given: readonly string[] | undefined): unknown {
  const parse = (text: string) => parseOption(flag, option, text)
  if (option.several) return given?.map(parse)
  const text = given?.at(-1) ?? option.default
  return text === undefined ? undefined : parse(text)
}

/** Returns the parsed value of a flag that is no part of Config, such as that of an action. */
export function valueOfFlag(flag: string, values: Given['values']): unknown {
  const option = optionsByFlag.get(flag)
  return option && valueOf(flag, option, values.get(flag))
}
