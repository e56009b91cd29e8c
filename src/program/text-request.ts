/** Requests for a text that need no other option. */
export type TextRequest = 'help' | 'version'

/** Returns the request of a command line of a single word, with or without dashes, as many programs accept it; undefined for all others. */
export function textRequestOf([word = '', ...others]: readonly string[]): TextRequest | undefined {
  const [, name] = /^-{0,2}(help|version)$/.exec(word) ?? []
  return others.length === 0 ? (name as TextRequest | undefined) : undefined
}
