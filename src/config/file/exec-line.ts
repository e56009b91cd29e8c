/** Parses the command of an `exec` line. */

import type { Command } from '../../plan/command.ts'
import { RefusedValue } from '../../text/refused-value.ts'
import { command } from '../kinds/command.ts'
import { plainWords } from '../shell-words.ts'

/**
 * Reads the value like a line of a shell: plain and quoted words are a program and its arguments. With other characters that
 * are special in a shell (`|`, `;`, `$`, `*` and others), or when all of it is in quotes, it is a line for `sh -c`.
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
  // An assignment before a program, and the word exec, are for the shell.
  if (file === undefined || /^(\w+=|exec$)/.test(file)) return shellLine(line.trim())
  if (file.trim() === '') throw new RefusedValue('needs a command')
  return { kind: 'words', file, args }
}

function shellLine(line: string): Command {
  if (line === '') throw new RefusedValue('needs a command')
  return { kind: 'shell', line }
}

/** Returns the text between quotes that enclose the whole value; undefined without such quotes. */
function quotedWhole(line: string): string | undefined {
  const [, single, double] = /^(?:'([^']*)'|"((?:[^"\\]|\\.)*)")$/s.exec(line) ?? []
  return single ?? double?.replace(/\\([\\"$`])/g, '$1')
}
