/** Text of `-help`: usage, examples, and the table of options, within the 80 columns of a terminal. */
import { filterHelps } from '../../filters/names.ts'
import type { Option } from './option.ts'
import { defaultOf, namesOf, placeholderOf } from './option-text.ts'
import { optionGroups } from './options.ts'
import { examples, scopeRule, summary, usages, valueRules } from './prose.ts'
import { wrap } from './wrap.ts'

const columns = 80
// Columns at which the texts begin.
const helpColumn = 30
const filterColumn = 14

/** References to further documentation, for an installation from the project and from its Debian package. */
const CLOSINGS = {
  project: 'README.md has recipes, and docs/ has pages for tasks, problems and all flags.',
  package: 'Manual: man streamserve. Examples: /usr/share/doc/streamserve/examples.',
}

/** Returns the whole text, without a newline at its end. */
export function helpText(isPackage = false): string {
  const closing = isPackage ? CLOSINGS.package : CLOSINGS.project
  const groups = Object.entries(optionGroups).map(([title, options]) => groupHelp(title, options))
  const [values, scopes] = [valueRules, scopeRule].map((rule) => wrap(rule, columns).join('\n'))
  return [summary, usageHelp(), exampleHelp(), values, scopes, ...groups, filterHelp(), closing].join('\n\n')
}

function usageHelp(): string {
  return ['Usage:', ...usages.map((usage) => `  streamserve ${usage}`)].join('\n')
}

function exampleHelp(): string {
  const texts = examples.map(({ purpose, lines }) => [`  ${purpose}.`, ...lines].join('\n    '))
  return ['Examples:', ...texts].join('\n')
}

function filterHelp(): string {
  const lines = [...filterHelps].flatMap(([name, help]) =>
    entry(`  ${name}`, wrap(help, columns - filterColumn), filterColumn),
  )
  return ['Filters:', ...lines].join('\n')
}

function groupHelp(title: string, options: Readonly<Record<string, Option>>): string {
  const lines = Object.entries(options).flatMap(([flag, option]) => optionHelp(flag, option))
  return [`${title}:`, ...lines].join('\n')
}

function optionHelp(flag: string, option: Option): string[] {
  const mark = option.scope === 'program' ? '*' : ' '
  const usage = `${mark} ${namesOf(flag, option).join(', ')} ${placeholderOf(option)}`.trimEnd()
  const shown = defaultOf(option)
  return entry(usage, paragraph(option.help, shown === undefined ? '' : `(default: ${shown})`), helpColumn)
}

function entry(left: string, right: string[], column: number): string[] {
  // A name that reaches into the column of the texts has a line of its own.
  const texts = left.length < column - 1 ? right : ['', ...right]
  return texts.map((text, index) => `${(index === 0 ? left : '').padEnd(column)}${text}`.trimEnd())
}

/** Appends a note to the last line of the text if it fits, otherwise in lines of its own. */
function paragraph(text: string, note: string): string[] {
  const width = columns - helpColumn
  const lines = wrap(text, width)
  if (note === '') return lines
  const last = `${lines.at(-1)} ${note}`
  return last.length <= width ? [...lines.slice(0, -1), last] : [...lines, ...wrap(note, width)]
}
