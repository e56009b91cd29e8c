/** Reads arguments like getopt_long(3) of C, for programs that use it. */

/** The options of a program: letters and long names. */
interface GetoptRules {
  /** As for getopt(3): a letter followed by a colon has a value; followed by two colons, only a value joined to it. */
  readonly short: string
  /** Long names, separated by spaces; a name before `=` has a value, a name before `=?` only a value joined to it. */
  readonly long: string
}

/** An option, by the name used on the command line; without a name, a word that is not part of an option. */
interface Argument {
  readonly name: string | undefined
  readonly value: string
}

/** Yields arguments in order; ends with undefined at an unknown option, or one without its value. */
export function* getopt(args: readonly string[], rules: GetoptRules): Generator<Argument | undefined> {
  const words = args.values()
  for (const word of words) {
    if (word === '--') {
      for (const value of words) yield { name: undefined, value }
    } else if (!/^-./.test(word)) yield { name: undefined, value: word }
    else if (word.startsWith('--')) yield longOption(word, rules, words)
    else yield* shortOptions(word, rules, words)
  }
}

type Words = Iterator<string, unknown>

function longOption(word: string, rules: GetoptRules, words: Words): Argument | undefined {
  const [, name = '', joined] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(word) ?? []
  const known = rules.long.split(/\s+/)
  if (known.includes(`${name}=`)) return valued(name, joined, words)
  if (known.includes(`${name}=?`)) return { name, value: joined ?? '' }
  return name !== '' && known.includes(name) && joined === undefined ? { name, value: '' } : undefined
}

/** Letters may be joined, up to the first that has a value; the rest of the word is the value. */
function* shortOptions(word: string, rules: GetoptRules, words: Words): Generator<Argument | undefined> {
  for (let at = 1; at < word.length; at++) {
    const letter = word.charAt(at)
    const colons = colonsAfter(letter, rules.short)
    if (colons === '') yield { name: letter, value: '' }
    else {
      const joined = word.slice(at + 1)
      if (colons === ':') yield valued(letter, joined === '' ? undefined : joined, words)
      else yield colons === '::' ? { name: letter, value: joined } : undefined
      return
    }
  }
}

/** Returns undefined for a letter that is not an option. */
function colonsAfter(letter: string, short: string): string | undefined {
  const place = letter === ':' ? -1 : short.indexOf(letter)
  return place < 0 ? undefined : /^:{0,2}/.exec(short.slice(place + 1))?.[0]
}

function valued(name: string, joined: string | undefined, words: Words): Argument | undefined {
  if (joined !== undefined) return { name, value: joined }
  const next = words.next()
  return next.done ? undefined : { name, value: next.value }
}
