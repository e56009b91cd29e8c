/** What a lock screen, a headset and the keys of a keyboard may do. */
export interface LockScreenActions {
  play(): void
  pause(): void
  stop(): void
}

/** What a lock screen shows. */
export interface LockScreen {
  show(title: string, station: string, isPlaying: boolean): void
}

/** Media Session; where there is none, nothing is shown. */
export function createLockScreen(actions: LockScreenActions): LockScreen {
  const { mediaSession } = navigator
  for (const name of ['play', 'pause', 'stop'] as const) mediaSession.setActionHandler(name, () => actions[name]())
  let shown = ''
  return {
    show(title, station, isPlaying) {
      mediaSession.playbackState = isPlaying ? 'playing' : 'paused'
      if (shown === title) return
      shown = title
      mediaSession.metadata = new MediaMetadata({ title: title || station, artist: title && station })
    },
  }
}
