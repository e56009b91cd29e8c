/**
 * One way to play the stream. It plays from `start` to `stop` or until it is `lost`, and reports; whoever holds it starts it
 * again (see keep-playing.ts).
 */
export interface Playing {
  /** From the beginning: what was under way is dropped. The first call comes out of a click. */
  start(): void
  /**
   * It is silent at once, and nothing more is asked of the server.
   * @param isBrief it may be started again soon from a lock screen, which forgets who lets go of everything.
   */
  stop(isBrief?: boolean): void
  /** @param volume 0 to 1 */
  setVolume(volume: number): void
  /** Goes to the newest that can be played without a break. */
  toLive(): void
  /** How far behind the newest frame of the server the ear is, in milliseconds; undefined: not known. */
  behindMs(): number | undefined
  /** How far behind it means to be, in milliseconds; undefined: not known. */
  keptMs(): number | undefined
  /** What is heard, for the meter and the waveform; undefined: it cannot be looked at without harm. */
  readonly analyser: AnalyserNode | undefined
}

/** Who is told what becomes of it. */
export interface PlayingEvents {
  /** Sound comes, for the first time or again. */
  sounding(): void
  /** It has run dry, and goes on by itself when more comes. */
  dry(): void
  /** It has ended or failed: nothing more comes until it is started again. */
  lost(): void
  /** The browser lets nothing sound without a click. */
  refused(): void
}
