/** Reads one line of a configuration file. */

import type { Command } from '../../plan/command.ts'
import { bareFlag } from '../flags.ts'
import type { Option } from '../option.ts'
import { placeholderOf } from '../option-text.ts'
import { parseOption, parseValue } from '../parse-value.ts'
import { unknownFlag } from '../unknown-flag.ts'
import { quoted, UsageError } from '../usage-error.ts'
import { parseExecLine } from './exec-line.ts'
import type { SettingLine } from './lines.ts'
import { quotedWords } from './quoted-words.ts'

/** A flag and its values. */
export interface Setting {
  /** By its full name. */
  readonly flag: string
  readonly option: Option
  /** One or more valid values of the flag. */
  readonly texts: readonly string[]
  /** Command of `exec`. */
  readonly command?: Command
}

/** @throws UsageError without file and line, when the line is wrong. */
export function readLine({ name, value }: SettingLine): Setting {
  refuseHabits(name, value)
  const found = bareFlag(`-${name}`)
  if (found === undefined) throw unknownFlag(name)
  const { flag, option } = found
  if (option.action || flag === 'config') {
    throw new UsageError(`-${flag}: is accepted on the command line only`, flag, undefined)
  }
  const text = value ?? option.kind.bare
  if (text === undefined)
    throw new UsageError(`-${flag}: needs a value: ${flag} ${placeholderOf(option)}`, flag, undefined)
  if (flag === 'exec') return { flag, option, texts: [''], command: parseValue(flag, text, parseExecLine) }
  const texts = option.several ? parseValue(flag, text, quotedWords) : [text]
  for (const one of texts) parseOption(flag, option, one)
  return { flag, option, texts }
}

/** Refuses a dash, which is used on the command line, and an equals sign, which is used in files of other programs. */
function refuseHabits(name: string, value: string | undefined): void {
  const before = (why: string) => new UsageError(`${quoted(name)}: ${why}`, undefined, name)
  if (name.startsWith('-')) throw before('flags in a file are written without a dash')
  if (/^[a-z-]+=/i.test(name) || /^=(\s|$)/.test(value ?? ''))
    throw before('flags in a file are written without an equals sign')
}
