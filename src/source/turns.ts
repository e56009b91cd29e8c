import { shownPath } from '../text/byte-path.ts'
import type { Complain } from './complaints.ts'
import type { Rounds } from './rounds.ts'
import type { SoundSurvey } from './sound-survey.ts'
import { SourceError } from './source.ts'
import type { Track } from './tracks.ts'

/** Passes over the files of a round that are left out. */
export interface Turns {
  /** The file whose turn it is. @throws SourceError when the round has no other, and is the last */
  current(): Promise<Track>
  /** The file that is next when this one has been played; undefined when the round has no other. Never rejects. */
  next(): Promise<Track | undefined>
}

/** Files in a row that are looked at when their turn has come: listeners wait meanwhile. After these, one that is known is next. */
const MAX_LOOKED_AT = 50
/** Maximum files in a row that are passed over; the one after them is opened, whatever it is. */
const MAX_PASSED = 1_000

/** @param loop false: the first round is the last. */
export function createTurns(rounds: Rounds, survey: SoundSurvey | undefined, loop: boolean, complain: Complain): Turns {
  /** Known to be left out: the files behind the one that plays, before `track`, at this distance from it. */
  let passable: { readonly track: Track | undefined; readonly distance: number } | undefined

  async function isLeftOut(track: Track): Promise<boolean> {
    const why = await survey?.whyNot(track)
    if (why !== undefined) complain('file left out', { file: shownPath(track.path), why })
    return why !== undefined
  }

  /** Jumps to the file that was found while the one before it played, unless that one is to be played again. */
  function jump(): void {
    const { track, distance } = passable ?? { track: undefined, distance: 0 }
    passable = undefined
    if (distance > 1 && rounds.following(distance - 1) === track) advance(distance - 1)
  }

  function advance(places: number): void {
    for (let i = 0; i < places; i++) rounds.advance()
  }

  /** Number of files up to the next one that is known to fit; 1 when none is. */
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
