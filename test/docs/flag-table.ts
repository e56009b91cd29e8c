/** The table of flags in docs/flags.md, made from the options. */
import { flagNames, optionsByFlag } from '../../src/config/flags.ts'
import type { Option } from '../../src/config/option.ts'
import { defaultOf, namesOf, placeholderOf } from '../../src/config/option-text.ts'

const HEADER = ['| flag | default | scope | meaning |', '| --- | --- | --- | --- |']
const TABLE = /^\| flag \| default .*\n(?:\|.*\n)+/m
/** Words that are typed: flags, paths, sections, and formats such as `s16le:44100:2`. */
const TYPED = /(?<![\w:/-])(-[a-z][a-z-]*(?:=\w+)?|\.?\/[\w/.%-]*\w(?:\?\w+)?|\[\/[^\]]*\]|\w+:\d+:\d+)/g

/** Returns the text of docs/flags.md with its table renewed. */
export function withFlagTable(page: string): string {
  const rows = [...optionsByFlag].map(([flag, option]) => rowOf(flag, option))
  return page.replace(TABLE, () => `${[...HEADER, ...rows].join('\n')}\n`)
}

function rowOf(flag: string, option: Option): string {
  const [first, ...others] = namesOf(flag, option)
  const names = [`${first} ${placeholderOf(option)}`.trimEnd(), ...others].map((name) => `\`${name}\``).join(', ')
  const [absent, scope] = option.action ? ['', ''] : ['false', option.scope]
  const shown = defaultOf(option) ?? absent
  return `| ${[names, shown, scope, meaningOf(option)].map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

function meaningOf({ help }: Option): string {
  return help.replaceAll(TYPED, (word) =>
    word.startsWith('-') && !flagNames.includes(word.slice(1).replace(/=.*/, '')) ? word : `\`${word}\``,
  )
}
