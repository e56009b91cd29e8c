/** Completion of the command line in zsh. */
import { optionsByFlag } from '../flags.ts'
import type { Option } from '../option.ts'
import { namesOf, placeholderOf } from '../option-text.ts'
import { type Completed, completedOf } from './completed-values.ts'

/** Returns a function for the file `_streamserve` in a folder of zsh's `fpath`. */
export function zshCompletion(): string {
  const specs = [...optionsByFlag].flatMap(([flag, option]) => specsOf(flag, option))
  return [
    '#compdef streamserve',
    '# made from the table of options',
    '',
    '_arguments \\',
    `${specs.join(' \\\n')}\n`,
  ].join('\n')
}

/** Returns a specification for _arguments for each name of the flag. */
function specsOf(flag: string, option: Option): readonly string[] {
  const names = namesOf(flag, option)
  const before = option.several ? '*' : names.length > 1 ? `(${names.join(' ')})` : ''
  const help = `[${option.help.replaceAll(/[\]\\]/g, '\\$&')}]`
  return names.map((name) => `  ${quoted(`${before}${name}${valueForm(flag, option, help)}`)}`)
}

function valueForm(flag: string, option: Option, help: string): string {
  // A command takes the rest of the line.
  if (flag === 'exec') return `${help}:*::command:_normal`
  const action = actionOf(completedOf(option))
  // A boolean flag takes a value only after an equals sign.
  if (option.kind.bare !== undefined) return `=-${help}::value:${action}`
  const message = placeholderOf(option).replaceAll(':', '\\:')
  return option.several ? `=${help}:*-*:${message}:${action}` : `=${help}:${message}:${action}`
}

function actionOf({ words, things }: Completed): string {
  const list = `(${words.join(' ')})`
  if (things === 'users') return '_users'
  if (things === undefined) return words.length > 0 ? list : ' '
  return words.length > 0 ? `{_alternative "words\\:name\\:${list}" "files\\:file\\:_files"}` : '_files'
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
