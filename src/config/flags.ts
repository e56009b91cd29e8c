/** Finds options by the names of their flags. */
import type { Config } from './config.ts'
import type { Option } from './option.ts'
import { optionGroups } from './options.ts'

const groups: Readonly<Record<string, Readonly<Record<string, Option>>>> = optionGroups

/** All options by full name, in the order of the table. */
export const optionsByFlag: ReadonlyMap<string, Option> = new Map(Object.values(groups).flatMap(Object.entries))

/** Returns the field of Config that has the value of a flag. @param flag its full name */
export function fieldOf(flag: string): keyof Config {
  // The type of Config is derived from the same table.
  return (optionsByFlag.get(flag)?.field ?? camelCase(flag)) as keyof Config
}

function camelCase(flag: string): string {
  return flag.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}

/** Full names of flags, by all their names. */
const fullNames: ReadonlyMap<string, string> = new Map(
  [...optionsByFlag].flatMap(([flag, { alias }]) => [flag, ...(alias ? [alias] : [])].map((name) => [name, flag])),
)

/** All names of flags, with aliases. */
export const flagNames: readonly string[] = [...fullNames.keys()]

/** Returns the full name and the option of `-flag` or `--flag` without a value; undefined for other words. */
export function bareFlag(word: string): { flag: string; option: Option } | undefined {
  const flag = fullNames.get(word.replace(/^--?/, ''))
  const option = flag === undefined || !word.startsWith('-') ? undefined : optionsByFlag.get(flag)
  return flag === undefined || option === undefined ? undefined : { flag, option }
}
