/** Finding options by what was typed. */
import type { Option } from './option.ts'
import { optionGroups } from './options.ts'

const groups: Readonly<Record<string, Readonly<Record<string, Option>>>> = optionGroups

/** All options under their full names, in the order of the table. */
export const optionsByFlag: ReadonlyMap<string, Option> = new Map(Object.values(groups).flatMap(Object.entries))

/** The full name of a flag by every name it may be called. */
const fullNames: ReadonlyMap<string, string> = new Map(
  [...optionsByFlag].flatMap(([flag, { alias }]) => [flag, ...(alias ? [alias] : [])].map((name) => [name, flag])),
)

/** Every name that a flag may be called, aliases too. */
export const flagNames: readonly string[] = [...fullNames.keys()]

/** @returns the full name and the option of `-flag` or `--flag`, standing alone; undefined for anything else. */
export function bareFlag(word: string): { flag: string; option: Option } | undefined {
  const flag = fullNames.get(word.replace(/^--?/, ''))
  const option = flag === undefined || !word.startsWith('-') ? undefined : optionsByFlag.get(flag)
  return flag === undefined || option === undefined ? undefined : { flag, option }
}
