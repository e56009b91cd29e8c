/** Globals of a worklet of Web Audio (Web Audio API, section 1.32), which TypeScript's library does not declare. */

declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort
  /** Processes 128 samples of each channel of each input and output. @returns whether to call it again */
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

/** Sample rate, in Hz. */
declare const sampleRate: number
/** Number of samples of each channel since the start of the context. */
declare const currentFrame: number
/** Seconds since the start of the context. */
declare const currentTime: number
