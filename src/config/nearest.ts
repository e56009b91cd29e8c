import { editDistance } from './edit-distance.ts'

// In characters. All known words are much shorter, and the cost of comparing grows with the length.
const longestCompared = 40

/** @returns the known word that `typed` was most likely meant to be: one that it begins, else the one fewest letters away. */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  const word = typed.slice(0, longestCompared).toLowerCase()
  const begun = word.length > 1 ? known.find((name) => name.startsWith(word)) : undefined
  if (begun !== undefined) return begun
  const distances = known.map((name) => ({ name, distance: editDistance(word, name) }))
  return distances.toSorted((a, b) => a.distance - b.distance)[0]?.name
}
