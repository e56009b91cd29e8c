/** Options of the capturing worklet. */
export interface CaptureProcessorOptions {
  /** Sample rate of the blocks, in Hz. */
  readonly rate: number
  /** Samples in a block. */
  readonly blockLength: number
}

/** Message of the worklet: a block of mono sound. */
export interface CapturedBlock {
  /** Owned by the receiver. */
  readonly samples: Float32Array<ArrayBuffer>
  /** Number of the first sample, counted from the start of the capture. */
  readonly at: number
}
