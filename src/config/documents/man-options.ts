/** OPTIONS of the man page. */
import { FILTERS } from '../../../filters/table.ts'
import type { Option } from '../option.ts'
import { defaultOf, namesOf, placeholderOf } from '../option-text.ts'
import { optionGroups } from '../options.ts'
import { valueRules } from '../prose.ts'
import { bold, entry, italic, literal, prose, sentence } from './roff.ts'

export function optionsSection(): string {
  const groups = Object.entries(optionGroups).map(([title, options]) => groupOf(title, options))
  return ['.SH OPTIONS', prose(valueRules), ...groups, filters()].join('\n')
}

function groupOf(title: string, options: Readonly<Record<string, Option>>): string {
  return [`.SS ${literal(title)}`, ...Object.entries(options).map(([flag, option]) => optionOf(flag, option))].join(
    '\n',
  )
}

function optionOf(flag: string, option: Option): string {
  const names = namesOf(flag, option).map(bold).join(', ')
  const placeholder = placeholderOf(option)
  const held = defaultOf(option)
  const tag = placeholder === '' ? names : `${names} ${italic(placeholder)}`
  return entry(tag, sentence(option.help), ...(held === undefined ? [] : ['.br', sentence(`default: ${held}`)]))
}

function filters(): string {
  return ['.SS Filters', ...[...FILTERS].map(([name, { help }]) => entry(bold(name), sentence(help)))].join('\n')
}
