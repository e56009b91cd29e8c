/** From words to the text that each flag was given; what the texts mean is not looked at here. */
import { Parser } from 'yargs/helpers'
import { bareFlag, flagNames, optionsByFlag } from './flags.ts'
import { parseBoolean } from './kinds/boolean.ts'
import { spreadWords } from './several-words.ts'
import { unknownFlag } from './unknown-flag.ts'
import { quoted, UsageError } from './usage-error.ts'

interface FlagValues {
  /** By full name, in the order in which they were given; at least one. */
  readonly values: ReadonlyMap<string, readonly string[]>
  /** Words that belong to no flag. */
  readonly strays: readonly string[]
}

// Every flag is text with one value for yargs, so that it guesses nothing: no numbers, no negations, no letter groups.
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
 * Reads `-flag value`, `-flag=value` and both with two dashes, and several values where a flag takes them; `--` ends the flags.
 * @throws UsageError for a flag that does not exist or lacks its value.
 */
export function readFlagValues(typed: readonly string[]): FlagValues {
  const words = spreadWords(typed)
  const end = words.indexOf('--')
  const flagWords = end < 0 ? words : words.slice(0, end)
  const { _: strays, ...values } = Parser(flagWords.map(completeSwitch), settings)
  // Beyond the first stray, nothing was read as a flag, and nothing is judged as one.
  flagWords.slice(0, flagWords.length - strays.length).forEach((word, at) => {
    refuseLoneFlag(word, words[at + 1])
    refuseNamelessFlag(word)
  })
  for (const name of Object.keys(values)) if (!flagNames.includes(name)) throw unknownFlag(name)
  const rest = end < 0 ? [] : words.slice(end + 1)
  const given = new Map(Object.entries(values).map(([name, texts]) => [name, [texts].flat().map(String)]))
  return { values: given, strays: [...strays.map(String), ...rest] }
}

/** A switch stands for its usual value; spelled out, yargs need not know of switches and their next word stays a stray. */
function completeSwitch(word: string): string {
  const bare = bareFlag(word)?.option.kind.bare
  return bare === undefined ? word : `${word}=${bare}`
}

function refuseLoneFlag(word: string, next: string | undefined): void {
  const found = bareFlag(word)
  if (found === undefined) return
  const isSwitch = found.option.kind.bare !== undefined
  if (isSwitch) refuseSwitchValue(found.flag, next)
  else if (next === undefined) throw new UsageError(`-${found.flag}: needs a value`, found.flag, undefined)
  // A dash and a digit is a negative number, which is refused for what it is.
  else if (found.option.several ? next.startsWith('-') : /^-[^0-9]/.test(next)) {
    const hint = `needs a value before ${quoted(next)}; a value that begins with a dash is written -${found.flag}=VALUE`
    throw new UsageError(`-${found.flag}: ${hint}`, found.flag, undefined)
  }
}

function refuseSwitchValue(flag: string, next: string | undefined): void {
  if (next === undefined || parseBoolean(next) === undefined) return
  throw new UsageError(`-${flag} ${quoted(next)}: needs an equals sign, as in -${flag}=${next}`, flag, next)
}

/** yargs passes over `-=x` and the like without a word. */
function refuseNamelessFlag(word: string): void {
  if (/^-+=/.test(word)) throw unknownFlag(word.slice(1))
}
