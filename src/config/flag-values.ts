/** Reads the arguments as flags and their texts; the texts are parsed elsewhere. */
import { Parser } from 'yargs/helpers'
import { bareFlag, flagNames, optionsByFlag } from './flags.ts'
import { parseBoolean } from './kinds/boolean.ts'
import type { Option } from './option.ts'
import { placeholderOf } from './option-text.ts'
import { spreadWords } from './several-words.ts'
import { unknownFlag } from './unknown-flag.ts'
import { quoted, UsageError } from './usage-error.ts'

interface FlagValues {
  /** At least one text per flag, by its full name, in the order of the arguments. */
  readonly values: ReadonlyMap<string, readonly string[]>
  /** Words that are neither flags nor their values. */
  readonly strays: readonly string[]
}

// For yargs, each flag is a text with one value, which disables its numbers, negations and groups of letters.
const settings = {
  string: [...flagNames],
  narg: Object.fromEntries(flagNames.map((name) => [name, 1])),
  alias: Object.fromEntries([...optionsByFlag].flatMap(([flag, { alias }]) => (alias ? [[flag, [alias]]] : []))),
  configuration: {
    'boolean-negation': false,
    'camel-case-expansion': false,
    'dot-notation': false,
    'duplicate-arguments-array': true,
    'halt-at-non-option': true,
    'parse-numbers': false,
    'parse-positional-numbers': false,
    'short-option-groups': false,
  },
}

/**
 * Reads `-flag value`, `-flag=value`, both also with two dashes, and flags with several values; `--` ends the flags.
 * @throws UsageError for a flag that does not exist or lacks its value.
 */
export function readFlagValues(typed: readonly string[]): FlagValues {
  const words = spreadWords(typed)
  const end = words.indexOf('--')
  const flagWords = end < 0 ? words : words.slice(0, end)
  const { _: strays, ...values } = Parser(flagWords.map(completeSwitch), settings)
  // Words after the first unexpected one have not been read as flags, and are not checked.
  flagWords.slice(0, flagWords.length - strays.length).forEach((word, at) => {
    refuseLoneFlag(word, words[at + 1])
    refuseNamelessFlag(word)
  })
  for (const name of Object.keys(values)) if (!flagNames.includes(name)) throw unknownFlag(name)
  const rest = end < 0 ? [] : words.slice(end + 1)
  const given = new Map(Object.entries(values).map(([name, texts]) => [name, [texts].flat().map(String)]))
  return { values: given, strays: [...strays.map(String), ...rest] }
}

/** Adds the value to a boolean flag, so that yargs does not take the next word as its value. */
function completeSwitch(word: string): string {
  const bare = bareFlag(word)?.option.kind.bare
  return bare === undefined ? word : `${word}=${bare}`
}

function refuseLoneFlag(word: string, next: string | undefined): void {
  const found = bareFlag(word)
  if (found === undefined) return
  const isSwitch = found.option.kind.bare !== undefined
  if (isSwitch) refuseSwitchValue(found.flag, next)
  else if (next === undefined) throw needsValue(found)
  // A dash and a digit is a negative number, whose kind refuses it.
  else if (found.option.several ? next.startsWith('-') : /^-[^0-9]/.test(next)) {
    const hint = `needs a value before ${quoted(next)}; a value that begins with a dash is written -${found.flag}=VALUE`
    throw new UsageError(`-${found.flag}: ${hint}`, found.flag, undefined)
  }
}

function needsValue({ flag, option }: { readonly flag: string; readonly option: Option }): UsageError {
  return new UsageError(`-${flag}: needs a value: -${flag} ${placeholderOf(option)}`, flag, undefined)
}

function refuseSwitchValue(flag: string, next: string | undefined): void {
  if (next === undefined || parseBoolean(next) === undefined) return
  throw new UsageError(`-${flag} ${quoted(next)}: needs an equals sign, as in -${flag}=${next}`, flag, next)
}

/** yargs ignores words such as `-=x`. */
function refuseNamelessFlag(word: string): void {
  if (/^-+=/.test(word)) throw unknownFlag(word.slice(1))
}
