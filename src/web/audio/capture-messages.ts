/** What the capturing worklet is made with. */
export interface CaptureProcessorOptions {
  /** Of the blocks, in Hz. */
  readonly rate: number
  /** Samples in a block. */
  readonly blockLength: number
}

/** What it tells: a block of mono sound. */
export interface CapturedBlock {
  /** The receiver's own. */
  readonly samples: Float32Array<ArrayBuffer>
  /** The number of the first sample since capturing began. */
  readonly at: number
}
