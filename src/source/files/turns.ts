import { shownPath } from '../../text/byte-path.ts'
import { SourceError } from '../source.ts'
import type { Rounds } from './rounds.ts'
import type { SoundSurvey } from './sound-survey.ts'
import type { Track } from './tracks.ts'
import type { Warn } from './warnings.ts'

/** Maximum number of consecutive files examined while listeners wait. After these, the next file known to fit is played. */
const MAX_EXAMINED = 50
/** Maximum number of consecutive files that are skipped; the one after them is opened in any case. */
const MAX_SKIPPED = 1_000

/** Iterator over the files of rounds that are played: it skips those that are left out. */
export class Turns {
  readonly #rounds: Rounds
  readonly #survey: SoundSurvey | undefined
  readonly #loop: boolean
  readonly #warn: Warn
  /** The next file that fits, and its distance from the current one: the files between them are known to be left out. */
  #found: { readonly track: Track | undefined; readonly distance: number } | undefined

  /** @param loop false: the first round is the last. */
  constructor(rounds: Rounds, survey: SoundSurvey | undefined, loop: boolean, warn: Warn) {
    this.#rounds = rounds
    this.#survey = survey
    this.#loop = loop
    this.#warn = warn
  }

  /** Returns the current file. @throws SourceError when the round has no other, and is the last */
  async current(): Promise<Track> {
    this.#skipToFound()
    for (let skipped = 0; ; skipped++) {
      if (!this.#loop && this.#rounds.isOver) throw new SourceError('all other files are left out')
      const track = await this.#rounds.current()
      if (skipped >= Math.min(this.#rounds.length, MAX_SKIPPED) || !(await this.#isLeftOut(track))) return track
      this.#rounds.advance(skipped < MAX_EXAMINED ? 1 : this.#distanceToKnown())
    }
  }

  /** Returns the file after the current one; undefined when the round has no other. Never rejects. */
  async next(): Promise<Track | undefined> {
    this.#found = undefined
    for (let distance = 1; ; distance++) {
      const track = this.#rounds.following(distance)
      if (track !== undefined && (await this.#isLeftOut(track))) continue
      this.#found = { track, distance }
      return track
    }
  }

  /** Skips to the file that was found while the previous one played, unless that one is to be played again. */
  #skipToFound(): void {
    const { track, distance } = this.#found ?? { track: undefined, distance: 0 }
    this.#found = undefined
    if (distance > 1 && this.#rounds.following(distance - 1) === track) this.#rounds.advance(distance - 1)
  }

  async #isLeftOut(track: Track): Promise<boolean> {
    const reason = await this.#survey?.whyNot(track)
    if (reason !== undefined) this.#warn('file left out', { file: shownPath(track.path), reason })
    return reason !== undefined
  }

  /** Returns the distance of the next file that is known to fit; 1 when none is. */
  #distanceToKnown(): number {
    for (let distance = 1; ; distance++) {
      const track = this.#rounds.following(distance)
      if (track === undefined) return 1
      if (this.#survey?.isKnownToFit(track) === true) return distance
    }
  }
}
