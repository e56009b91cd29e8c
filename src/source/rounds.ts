import { shuffled } from './shuffled.ts'
import { SourceError } from './source.ts'
import type { Track } from './tracks.ts'

/** Goes through a list of files, round after round. */
export interface Rounds {
  /** How many files the round has; 0 before the first. */
  readonly length: number
  /** The last file of a round has been played. */
  readonly isOver: boolean
  /** The file whose turn it is; the same one until `advance` is called. @throws SourceError when there is none */
  current(): Promise<Track>
  /** The one `distance` places behind it, if the round has one. */
  following(distance: number): Track | undefined
  /** The file has had its turn. */
  advance(): void
}

/**
 * @param list says what there is to play; it is asked at the beginning of each round.
 * @param random when it is there, each round has an order of its own: a number from 0 up to 1, as Math.random gives.
 */
export function createRounds(list: () => Promise<readonly Track[]>, random: (() => number) | undefined): Rounds {
  let tracks: readonly Track[] = []
  let at = 0
  let lastPath: string | undefined
  return {
    get length() {
      return tracks.length
    },
    get isOver() {
      return tracks.length > 0 && at >= tracks.length
    },
    async current() {
      if (at >= tracks.length) {
        const found = await list()
        tracks = random === undefined ? found : shuffled(found, lastPath, random)
        at = 0
      }
      const track = tracks[at]
      if (track === undefined) throw new SourceError('there is no file of sound left to play')
      return track
    },
    following: (distance) => tracks[at + distance],
    advance() {
      lastPath = tracks[at]?.path
      at++
    },
  }
}
