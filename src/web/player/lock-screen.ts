/** Actions of a lock screen, a headset and media keys. */
export interface LockScreenActions {
  play(): void
  pause(): void
  stop(): void
}

/** The display of a lock screen. */
export interface LockScreen {
  show(title: string, station: string, isPlaying: boolean): void
}

/** Uses Media Session; without it nothing is shown. */
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
