/** Section OPTIONS of the man page. */
import { filterHelps } from '../../../filters/names.ts'
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
  const shown = defaultOf(option)
  const tag = placeholder === '' ? names : `${names} ${italic(placeholder)}`
  const defaults = shown === undefined ? [] : ['.br', sentence(`default: ${shown}`)]
  return entry(tag, sentence(option.help), ...scopeOf(option), ...defaults)
}

const EFFECTS: Readonly<Record<Option['applies'], string>> = {
  restart: 'a change needs a restart',
  live: 'a reload changes it at once',
  'new stream': 'a reload replaces the stream',
}

/** Flags that end the program, such as `-help`, have no scope. */
function scopeOf({ scope, applies, action }: Option): readonly string[] {
  return action ? [] : ['.br', sentence(`scope: ${scope}; ${EFFECTS[applies]}`)]
}

function filters(): string {
  return ['.SS Filters', ...[...filterHelps].map(([name, help]) => entry(bold(name), sentence(help)))].join('\n')
}
