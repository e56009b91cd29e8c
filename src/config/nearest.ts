import { editDistance } from './edit-distance.ts'

// Maximum length of a compared word, in characters: known words are much shorter, and the cost grows with the length.
const longestCompared = 40

/** Returns the most similar known word: one that begins with `typed`, otherwise the one with the fewest different letters. */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  const word = typed.slice(0, longestCompared).toLowerCase()
  const begun = word.length > 1 ? known.find((name) => name.startsWith(word)) : undefined
  if (begun !== undefined) return begun
  const distances = known.map((name) => ({ name, distance: editDistance(word, name) }))
  return distances.toSorted((a, b) => a.distance - b.distance)[0]?.name
}
