/** Several values in one line. */
import { RefusedValue } from '../../text/refused-value.ts'

// A word is made of plain characters, of one behind a backslash, and of pieces in quotes; at anything else, a quote is open.
const word = /((?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+)(?!\S)|\S/gs
const marked = /\\(.)|'([^']*)'|"((?:[^"\\]|\\.)*)"/gs

/**
 * Splits a line at its blanks; quotes, or a backslash before it, make a blank a part of a word. Nothing else is special: `*`
 * and `~` are letters.
 * @throws RefusedValue when a quote is not closed
 */
export function quotedWords(line: string): readonly string[] {
  return [...line.matchAll(word)].map(([, found]) => {
    if (found === undefined) throw new RefusedValue('has a quote that is not closed, or a backslash at its end')
    return found.replace(marked, withoutMarks)
  })
}

function withoutMarks(_: string, escaped?: string, single?: string, double?: string): string {
  return escaped ?? single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? ''
}
