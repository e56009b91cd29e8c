/** Flags that take several words, which yargs would have to guess the end of. */
import { bareFlag } from './flags.ts'

/**
 * Gives each word of such a flag a flag of its own: `-play a b -debug` becomes `-play=a -play=b -debug`. The words end at one
 * that begins with a dash. A flag without a word is left as it is, so that it is seen to lack one.
 */
export function spreadWords(words: readonly string[]): readonly string[] {
  const spread: string[] = []
  for (let at = 0; at < words.length; ) {
    const word = words[at++] ?? ''
    const until = takesSeveral(word) ? endOfValues(words, at) : at
    if (until === at) spread.push(word)
    for (; at < until; at++) spread.push(`${word}=${words[at]}`)
  }
  return spread
}

function takesSeveral(word: string): boolean {
  return bareFlag(word)?.option.several === true
}

function endOfValues(words: readonly string[], from: number): number {
  const end = words.findIndex((word, at) => at >= from && word.startsWith('-'))
  return end < 0 ? words.length : end
}
