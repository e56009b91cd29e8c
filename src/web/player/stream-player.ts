/**
 * Plays the stream in one way, from `start` to `stop` or until it is `lost`, and reports events; its owner restarts it
 * (see keep-playing.ts).
 */
export interface StreamPlayer {
  /** Starts anew and drops any current playback. The first call must be made in the handler of a click. */
  start(): void
  /**
   * Stops the sound at once, and sends no more requests to the server.
   * @param isBrief it may be restarted soon from a lock screen, which forgets a player that releases everything.
   */
  stop(isBrief?: boolean): void
  /** @param volume 0 to 1 */
  setVolume(volume: number): void
  /** Jumps to the newest sound that can be played without interruption. */
  toLive(): void
  /** Delay of the audible sound behind the server's newest frame, in milliseconds; undefined: not known, or stopped at no place. */
  behindMs(): number | undefined
  /** The intended delay, in milliseconds; undefined: not known, or the listener is behind on purpose. */
  keptMs(): number | undefined
  /** Time without sound after which it is restarted, in milliseconds; undefined: see `Keeper`. */
  readonly patienceMs?: number
  /** Analyses the audible sound for meter and waveform; undefined: not possible without harm to playback. */
  readonly analyser: AnalyserNode | undefined
}

/** Events of a player. */
export interface PlayerEvents {
  /** Sound has started, for the first time or again. */
  playing(): void
  /** The buffer is empty; playback continues by itself when more is received. */
  buffering(): void
  /** It has ended or failed: it stays silent until it is restarted. */
  lost(): void
  /** The browser blocks playback without a click. */
  refused(): void
  /** There is no sound device, as far as is known: it is stopped. */
  hasNoDevice(): void
}
