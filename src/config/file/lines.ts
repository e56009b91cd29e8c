/** The grammar of a configuration file: a flag, a blank, its value; `#` begins a line that is for people. */

/** A line that says something. */
export interface Line {
  /** Counted from 1. */
  readonly number: number
  /** The first word. */
  readonly name: string
  /** The rest, without blanks around it; undefined when nothing is left. */
  readonly value: string | undefined
}

/** @returns the lines that say something. */
export function linesOf(text: string): readonly Line[] {
  return text.split('\n').flatMap((line, index) => {
    const [, name, value] = /^(\S+)(?:\s+(.*))?$/s.exec(line.trim()) ?? []
    return name === undefined || name.startsWith('#') ? [] : [{ number: index + 1, name, value }]
  })
}
