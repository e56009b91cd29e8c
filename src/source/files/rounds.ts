import { SourceError } from '../source.ts'
import { shuffled } from './shuffled.ts'
import type { Track } from './tracks.ts'

/** Iterator over a list of files, round after round. */
export interface Rounds {
  /** Number of files in the round; 0 before the first. */
  readonly length: number
  /** The last file of a round has been played. */
  readonly isOver: boolean
  /** Returns the current file, the same until `advance` is called. @throws SourceError when there is none */
  current(): Promise<Track>
  /** Returns the file `distance` places after it, if the round has one. */
  following(distance: number): Track | undefined
  /** Moves to the next file. */
  advance(): void
}

/**
 * @param list returns the files to play; called at the beginning of each round.
 * @param random if set, each round is shuffled; returns a number from 0 up to 1, like Math.random.
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
