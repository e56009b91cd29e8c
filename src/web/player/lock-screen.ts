/** Actions of a lock screen, a headset and media keys. */
export interface LockScreenActions {
  play(): void
  pause(): void
  stop(): void
}

/** What a lock screen shows. */
interface OnLockScreen {
  readonly title: string
  readonly station: string
  /** Address of a picture. */
  readonly picture: string
}

/** The display of a lock screen. */
export interface LockScreen {
  show(what: OnLockScreen, isPlaying: boolean): void
}

/** Uses Media Session; without it nothing is shown. */
export function createLockScreen(actions: LockScreenActions): LockScreen {
  const { mediaSession } = navigator
  for (const name of ['play', 'pause', 'stop'] as const) mediaSession.setActionHandler(name, () => actions[name]())
  let shown = ''
  return {
    show({ title, station, picture }, isPlaying) {
      mediaSession.playbackState = isPlaying ? 'playing' : 'paused'
      const next = `${picture}\n${title}`
      if (shown === next) return
      shown = next
      const artwork = [{ src: picture }]
      mediaSession.metadata = new MediaMetadata({ title: title || station, artist: title && station, artwork })
    },
  }
}
