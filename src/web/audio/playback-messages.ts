/** How playback goes: since it began, but for the level. */
export interface PlaybackReport {
  /** The loudest sample, and the mean, since the last report: from 0 to 1. */
  readonly peak: number
  readonly rms: number
  /** How much has come that has not been played, and how much should wait so, in milliseconds. */
  readonly bufferedMs: number
  readonly targetMs: number
  /** How much of the blocks has been played, in milliseconds. */
  readonly playedMs: number
  /** False: it waits until enough has come. */
  readonly isPlaying: boolean
  /** Blocks that came when it was too late for them. */
  readonly late: number
  /** How often nothing was left to play. */
  readonly underruns: number
  /** How often something was missing between two blocks. */
  readonly gaps: number
  /** Number of skips after excessive delay. */
  readonly jumps: number
}

/** Messages to the worklet. */
export type ToWorklet =
  | { readonly kind: 'block'; readonly samples: Float32Array; readonly at: number | undefined }
  | { readonly kind: 'to live' | 'clear' | 'close' }

/** Messages from the worklet. */
export type FromWorklet = PlaybackReport
