/** What there is in a worklet of Web Audio (Web Audio API, section 1.32), which TypeScript's library does not declare. */

declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort
  /** Block by block, each 128 samples of each channel of each input and output. @returns whether there may be more */
  abstract process(
    inputs: Float32Array[][],
    outputs: Float32Array[][],
    parameters: Record<string, Float32Array>,
  ): boolean
}

declare function registerProcessor(
  name: string,
  processor: new (options: { processorOptions?: unknown }) => AudioWorkletProcessor,
): void

/** Samples a second. */
declare const sampleRate: number
/** Samples of each channel since the context began. */
declare const currentFrame: number
/** Seconds since the context began. */
declare const currentTime: number
