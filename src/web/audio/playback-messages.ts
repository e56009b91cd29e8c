/** State of the playback. Counts are since its start, levels since the last report. */
export interface PlaybackReport {
  /** Loudest sample and root mean square, from 0 to 1. */
  readonly peak: number
  readonly rms: number
  /** Sound that waits to be played, and its target, in milliseconds. */
  readonly bufferedMs: number
  readonly targetMs: number
  /** Sound of the blocks that has been played, in milliseconds. */
  readonly playedMs: number
  /** False: it waits until enough is buffered. */
  readonly isPlaying: boolean
  /** Number of blocks that arrived after their time. */
  readonly late: number
  /** Number of times that the buffer ran empty. */
  readonly underruns: number
  /** Number of gaps between blocks. */
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
