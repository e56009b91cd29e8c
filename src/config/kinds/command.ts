import type { Command } from '../../plan/command.ts'
import { RefusedValue } from '../../text/refused-value.ts'
import type { Kind } from './kind.ts'

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
