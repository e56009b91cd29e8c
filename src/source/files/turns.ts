import { shownPath } from '../../text/byte-path.ts'
import { SourceError } from '../source.ts'
import type { Rounds } from './rounds.ts'
import type { SoundSurvey } from './sound-survey.ts'
import type { Track } from './tracks.ts'
import type { Warn } from './warnings.ts'

/** Skips the files of a round that are left out. */
export interface Turns {
  /** Returns the current file. @throws SourceError when the round has no other, and is the last */
  current(): Promise<Track>
  /** Returns the file after the current one; undefined when the round has no other. Never rejects. */
  next(): Promise<Track | undefined>
}

/** Maximum number of consecutive files examined while listeners wait. After these, the next file known to fit is played. */
const MAX_LOOKED_AT = 50
/** Maximum number of consecutive files that are skipped; the one after them is opened in any case. */
const MAX_PASSED = 1_000

/** @param loop false: the first round is the last. */
export function createTurns(rounds: Rounds, survey: SoundSurvey | undefined, loop: boolean, warn: Warn): Turns {
  /** The next file that fits, and its distance from the current one: the files between them are known to be left out. */
  let passable: { readonly track: Track | undefined; readonly distance: number } | undefined

  async function isLeftOut(track: Track): Promise<boolean> {
    const why = await survey?.whyNot(track)
    if (why !== undefined) warn('file left out', { file: shownPath(track.path), why })
    return why !== undefined
  }

  /** Skips to the file that was found while the previous one played, unless that one is to be played again. */
  function jump(): void {
    const { track, distance } = passable ?? { track: undefined, distance: 0 }
    passable = undefined
    if (distance > 1 && rounds.following(distance - 1) === track) advance(distance - 1)
  }

  function advance(places: number): void {
    for (let i = 0; i < places; i++) rounds.advance()
  }

  /** Returns the number of files up to the next one that is known to fit; 1 when none is. */
  function toKnown(): number {
    for (let distance = 1; ; distance++) {
      const track = rounds.following(distance)
      if (track === undefined) return 1
      if (survey?.isKnownToFit(track) === true) return distance
    }
  }

  return {
    async current() {
      jump()
      for (let passed = 0; ; passed++) {
        if (!loop && rounds.isOver) throw new SourceError('the other files are left out')
        const track = await rounds.current()
        if (passed >= Math.min(rounds.length, MAX_PASSED) || !(await isLeftOut(track))) return track
        advance(passed < MAX_LOOKED_AT ? 1 : toKnown())
      }
    },
    async next() {
      passable = undefined
      for (let distance = 1; ; distance++) {
        const track = rounds.following(distance)
        if (track !== undefined && (await isLeftOut(track))) continue
        passable = { track, distance }
        return track
      }
    },
  }
}
