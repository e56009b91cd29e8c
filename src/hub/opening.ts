import type { HubKey } from '../../filters/hub/message.ts'
import type { Run } from './backlog.ts'
import { makeKey } from './make-key.ts'

/** Frame of an origin at which listeners can begin. */
export interface Opening {
  /** Index of its run, of its piece in the run, and of the frame in the piece. */
  readonly run: number
  readonly at: number
  readonly index: number
  readonly key: HubKey
}

/** Pieces that are tried, and frames of each, because each costs the work of a filter. Only a page of Ogg may continue the one before. */
export const MAX_TRIES = 8
const MAX_FRAMES = 4

/** Returns the first frame at which listeners can begin among those that have arrived after a time. @param since in milliseconds */
export function findOpening(runs: readonly Run[], since: number): Opening | undefined {
  let tries = 0
  for (const [run, { pieces }] of runs.entries()) {
    const first = pieces.findIndex(({ arrivedAt }) => arrivedAt > since)
    if (first < 0) continue
    for (let at = first; at < pieces.length && tries < MAX_TRIES; at++, tries++) {
      const opening = openingAt(runs, run, at)
      if (opening !== undefined) return opening
    }
  }
  return undefined
}

/** Returns the first frame of a piece at which listeners can begin. */
export function openingAt(runs: readonly Run[], run: number, at: number): Opening | undefined {
  const found = runs[run]
  const frames = Math.min(MAX_FRAMES, found?.pieces[at]?.message.frames.length ?? 0)
  for (let index = 0; index < frames; index++) {
    const key = found && makeKey(found, at, index)
    if (key !== undefined) return { run, at, index, key }
  }
  return undefined
}
