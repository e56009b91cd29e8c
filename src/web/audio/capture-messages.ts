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
  /** The number of the first sample since capturing began. */
  readonly at: number
}
