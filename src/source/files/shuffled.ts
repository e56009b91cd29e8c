import type { Track } from './tracks.ts'

/**
 * Returns the tracks in random order, every order equally likely, but not beginning with the file that was played last if there
 * is another one.
 */
export function shuffled(tracks: readonly Track[], lastPath: string | undefined, random: () => number): Track[] {
  const order = [...tracks]
  // Fisher-Yates: each place gets one of the tracks not placed yet.
  for (let at = order.length - 1; at > 0; at--) swap(order, at, below(at + 1, random))
  if (order[0]?.path !== lastPath) return order
  const others = [...order.keys()].filter((at) => order[at]?.path !== lastPath)
  const first = others[below(others.length, random)]
  if (first !== undefined) swap(order, 0, first)
  return order
}

function below(limit: number, random: () => number): number {
  return Math.floor(random() * limit)
}

function swap(tracks: Track[], a: number, b: number): void {
  const [first, second] = [tracks[a], tracks[b]]
  if (first === undefined || second === undefined) return
  tracks[a] = second
  tracks[b] = first
}
