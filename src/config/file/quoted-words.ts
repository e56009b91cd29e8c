/** Splits a line into several values. */
import { RefusedValue } from '../../text/refused-value.ts'

// A word consists of plain characters, characters after a backslash, and parts in quotes; otherwise a quote is not closed.
const word = /((?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+)(?!\S)|\S/gs
const marked = /\\(.)|'([^']*)'|"((?:[^"\\]|\\.)*)"/gs

/**
 * Splits a line at its spaces. Spaces in quotes or after a backslash are part of a word. Other characters, such as `*` and
 * `~`, are not special.
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
