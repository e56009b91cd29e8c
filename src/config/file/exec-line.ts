/** The command of an `exec` line. */

import type { Command } from '../../plan/command.ts'
import { RefusedValue } from '../../text/refused-value.ts'
import { command } from '../kinds/command.ts'
import { plainWords } from '../shell-words.ts'

/**
 * Reads the rest of the line as a shell would: plain and quoted words are a program and its arguments, run as they stand;
 * with anything else that a shell acts on (`|`, `;`, `$`, `*` and so on) it is a line for `sh -c`, and so is a line that is
 * quoted as a whole.
 * @throws RefusedValue when there is no command
 */
export function parseExecLine(text: string): Command {
  const [, dashes, line = ''] = /^(--(?=\s|$))?(.*)$/s.exec(text) ?? []
  if (dashes === undefined && line.startsWith('-')) {
    throw new RefusedValue('is not a command; one that begins with a dash is written after exec --')
  }
  const whole = quotedWhole(line.trim())
  if (whole !== undefined) return command.parse(whole)
  const [file, ...args] = plainWords(line) ?? []
  // NAME=value before a program is the shell's, and so is the word exec.
  if (file === undefined || /^(\w+=|exec$)/.test(file)) return shellLine(line.trim())
  if (file.trim() === '') throw new RefusedValue('needs a command')
  return { kind: 'words', file, args }
}

function shellLine(line: string): Command {
  if (line === '') throw new RefusedValue('needs a command')
  return { kind: 'shell', line }
}

/** @returns what is between the quotes, when they are around everything. */
function quotedWhole(line: string): string | undefined {
  const [, single, double] = /^(?:'([^']*)'|"((?:[^"\\]|\\.)*)")$/s.exec(line) ?? []
  return single ?? double?.replace(/\\([\\"$`])/g, '$1')
}
