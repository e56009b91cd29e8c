import type { PlayerRewind } from '../../endpoints/player/player-news.ts'

/** Actions of the controls of a stream that listeners can go back in. */
export interface RewindActions {
  /** Goes to a position of the stream. @param plays starts a stopped player too */
  goTo(at: number, plays: boolean): void
  toLive(): void
}

/** What can be heard of a stream, and what is heard. */
export interface Scale extends PlayerRewind {
  /** Position of the newest frame. */
  readonly newest: number
  /** Delay of the audible sound, in milliseconds. */
  readonly behindMs: number
}

/** Returns the title at a distance from the newest frame; empty: it is not known. */
export function titleAgo({ titles, newest }: Scale, agoMs: number): string {
  return titles.findLast(({ from }) => from <= newest - agoMs)?.text ?? ''
}
