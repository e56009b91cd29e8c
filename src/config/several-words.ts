/** Flags that take several words, because yargs cannot know where their values end. */
import { bareFlag } from './flags.ts'

/**
 * Repeats such a flag for each of its words: `-play a b -debug` becomes `-play=a -play=b -debug`. The words end at one that
 * begins with a dash. A flag without a word is not changed, so that the missing value is noticed.
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
