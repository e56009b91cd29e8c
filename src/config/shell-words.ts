/** The part of the shell's grammar that is needed to find the programs of a simple pipeline. */

// Spaces, a pipe, and a word of plain and quoted parts. Expansions, globs and control operators match none of them.
const ASSIGNMENT = /^\w+=/
const blanks = /[ \t]+/y
const pipe = /\|(?![|&])/y
const discardErrors = /2>>?[ \t]*\/dev\/null(?=[ \t|]|$)/y
const plainPiece = /[\w@%+=:,./^-]+/y
const singleQuoted = /'([^'\n]*)'/y
const doubleQuoted = /"([^"$`\\!\n]*)"/y

/** Returns the words of the last command of a pipeline, whose output is that of the line; undefined for other lines. */
export function lastCommand(line: string): readonly string[] | undefined {
  return pipeline(line)?.at(-1)
}

/**
 * Returns the program names of a line for `sh -c`, as far as they are known without the shell: all of a simple pipeline, and
 * the first one of other lines that begin with a plain word.
 */
export function programsOf(line: string): readonly string[] {
  const commands = pipeline(line)
  if (commands !== undefined) return commands.flatMap((words) => words.find((word) => !ASSIGNMENT.test(word)) ?? [])
  const [, program] = /^\s*(?:exec\s+)?([\w@%+:,./-]+)(?=[\s|;&]|$)/.exec(line) ?? []
  return program === undefined ? [] : [program]
}

/**
 * Splits a line for `sh -c` as the shell would.
 * @returns the words of each command, without `exec`; undefined if the line is not a simple pipeline of literal words.
 */
function pipeline(line: string): readonly (readonly string[])[] | undefined {
  const reader = { text: line.replace(/\n+$/, ''), at: 0 }
  const commands: string[][] = []
  let words: string[] = []
  while (reader.at < reader.text.length) {
    if (take(reader, blanks) !== undefined || take(reader, discardErrors) !== undefined) continue
    if (take(reader, pipe) === undefined) {
      const word = takeWord(reader)
      if (word === undefined) return undefined
      words.push(word)
    } else if (words.length === 0) return undefined
    else {
      commands.push(words)
      words = []
    }
  }
  return [...commands, words].map((command) => (command[0] === 'exec' ? command.slice(1) : command))
}

/** Returns the words of a line of plain and quoted words; undefined for other lines. */
export function plainWords(line: string): readonly string[] | undefined {
  const reader = { text: line, at: 0 }
  const words: string[] = []
  for (;;) {
    take(reader, blanks)
    if (reader.at === line.length) return words
    const word = takeWord(reader)
    if (word === undefined || line.charAt(reader.at) === '|') return undefined
    words.push(word)
  }
}

interface Reader {
  readonly text: string
  at: number
}

function takeWord(reader: Reader): string | undefined {
  let word: string | undefined
  for (;;) {
    const piece = take(reader, plainPiece) ?? take(reader, singleQuoted) ?? take(reader, doubleQuoted)
    if (piece === undefined) return isWordEnd(reader) ? word : undefined
    word = (word ?? '') + piece
  }
}

function isWordEnd({ text, at }: Reader): boolean {
  return /^[ \t|]?$/.test(text.charAt(at))
}

/** Returns the group, or the whole match, of a pattern at the current position; undefined if it does not match. */
function take(reader: Reader, pattern: RegExp): string | undefined {
  pattern.lastIndex = reader.at
  const match = pattern.exec(reader.text)
  if (match === null) return undefined
  reader.at = pattern.lastIndex
  return match[1] ?? match[0]
}
