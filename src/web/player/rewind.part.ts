import type { PlayerRewind } from '../../endpoints/player/player-news.ts'
import { PositionSlider } from './position-slider.ts'
import { createSaveLinks } from './save-links.ts'
import type { RewindActions } from './scale.ts'
import { createSeekKeys } from './seek-keys.ts'

/** State that the controls show. */
export interface Heard {
  /** Undefined: as before, because the server does not answer. */
  readonly rewind: PlayerRewind | undefined
  /** Position of the newest frame; undefined: not known. */
  readonly newest: number | undefined
  /** Delay of the audible sound, or of where a stopped player continues; undefined: it is live. */
  readonly behindMs: number | undefined
  /** The current way of playing can go back. */
  readonly isPossible: boolean
}

/** Controls of a stream that listeners can go back in. The page loads them when the stream is one. */
export interface RewindControls {
  show(heard: Heard): void
}

/** @param clip address of clips of the stream */
export function createRewindControls(clip: string, actions: RewindActions): RewindControls {
  const slider = new PositionSlider(actions)
  const showLinks = createSaveLinks(clip)
  const seekKeys = createSeekKeys(actions)
  let rewind: PlayerRewind | undefined
  return {
    show({ rewind: next = rewind, newest, behindMs = 0, isPossible }) {
      rewind = next
      if (rewind === undefined || newest === undefined) return
      const scale = { ...rewind, newest, behindMs }
      showLinks(scale)
      slider.show(scale, isPossible)
      seekKeys.show(scale, isPossible)
    },
  }
}
