import { SourceError } from '../source.ts'
import { shuffled } from './shuffled.ts'
import type { Track } from './tracks.ts'

/** Iterator over a list of files, round after round. */
export class Rounds {
  readonly #list: () => Promise<readonly Track[]>
  readonly #random: (() => number) | undefined
  #tracks: readonly Track[] = []
  #index = 0
  /** The file before the current one. */
  #lastPath: string | undefined

  /**
   * @param list returns the files to play; called at the beginning of each round.
   * @param random if set, each round is shuffled; returns a number from 0 up to 1, like Math.random.
   */
  constructor(list: () => Promise<readonly Track[]>, random: (() => number) | undefined) {
    this.#list = list
    this.#random = random
  }

  /** Number of files in the round; 0 before the first. */
  get length(): number {
    return this.#tracks.length
  }

  /** The last file of a round has been played. */
  get isOver(): boolean {
    return this.#tracks.length > 0 && this.#index >= this.#tracks.length
  }

  /** Returns the current file, the same until `advance` is called. @throws SourceError when there is none */
  async current(): Promise<Track> {
    if (this.#index >= this.#tracks.length) {
      const found = await this.#list()
      this.#tracks = this.#random === undefined ? found : shuffled(found, this.#lastPath, this.#random)
      this.#index = 0
    }
    const track = this.#tracks[this.#index]
    if (track === undefined)
      throw new SourceError('no playable file is left (MP3, AAC, Ogg, FLAC or WAV, all of one format)')
    return track
  }

  /** Returns the file `distance` places after the current one, if the round has one. */
  following(distance: number): Track | undefined {
    return this.#tracks[this.#index + distance]
  }

  /** Moves to the next file, or past `count` files. */
  advance(count = 1): void {
    this.#lastPath = this.#tracks[this.#index + count - 1]?.path
    this.#index += count
  }
}
