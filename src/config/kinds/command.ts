import { RefusedValue } from '../../text/refused-value.ts'
import type { Kind } from './kind.ts'

/** A program to run: a file with its arguments, or a line for `sh -c`. */
export type Command =
  | { readonly kind: 'words'; readonly file: string; readonly args: readonly string[] }
  | { readonly kind: 'shell'; readonly line: string }

/** A command in one text: a line for the shell if it contains spaces, otherwise a program. */
export const command: Kind<Command> = {
  name: 'command',
  placeholder: 'COMMAND',
  parse(text) {
    if (text.trim() === '') throw new RefusedValue('needs a command')
    if (text.includes('\0')) throw new RefusedValue('cannot contain a zero byte')
    return /[ \t\r\n]/.test(text) ? { kind: 'shell', line: text } : { kind: 'words', file: text, args: [] }
  },
}
