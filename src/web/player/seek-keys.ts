import type { RewindActions, Scale } from './scale.ts'

/** Step of lock screens that do not give their own, in seconds. */
const STEP_S = 10
/** Change of the position that is shown at once, in seconds. */
const MOVED_S = 2
/** Interval of other updates, in milliseconds: systems advance the position, but the newest frame advances too. */
const EVERY_MS = 5_000

/** Lets lock screens and media keys go back and forth. */
export interface SeekKeys {
  /** @param isPossible the player can go back now */
  show(scale: Scale, isPossible: boolean): void
}

/** Uses Media Session. Its track begins at the oldest frame, and ends live. */
export function createSeekKeys(actions: RewindActions): SeekKeys {
  const { mediaSession } = navigator
  let scale: Scale | undefined
  let shown: { readonly behindS: number; readonly since: number } | undefined

  const goBack = (agoMs: number) => {
    if (scale === undefined) return
    if (agoMs <= 0) actions.toLive()
    else actions.goTo(scale.newest - Math.min(agoMs, scale.reachMs), false)
  }
  const step = (seconds: number) => goBack((scale?.behindMs ?? 0) - seconds * 1000)
  const handlers: Partial<Record<MediaSessionAction, MediaSessionActionHandler>> = {
    seekbackward: ({ seekOffset }) => step(-(seekOffset ?? STEP_S)),
    seekforward: ({ seekOffset }) => step(seekOffset ?? STEP_S),
    seekto: ({ seekTime }) => goBack((scale?.reachMs ?? 0) - (seekTime ?? 0) * 1000),
  }
  for (const name of ['seekbackward', 'seekforward', 'seekto'] as const) {
    mediaSession.setActionHandler(name, handlers[name] ?? null)
  }

  return {
    show(next, isPossible) {
      scale = isPossible ? next : undefined
      const [reachS, behindS] = [next.reachMs / 1000, Math.min(next.behindMs, next.reachMs) / 1000]
      const now = performance.now()
      const isSame = shown !== undefined && Math.abs(shown.behindS - behindS) < MOVED_S && now < shown.since + EVERY_MS
      if (!isPossible || isSame) return
      shown = { behindS, since: now }
      mediaSession.setPositionState({ duration: reachS, position: reachS - behindS, playbackRate: 1 })
    },
  }
}
