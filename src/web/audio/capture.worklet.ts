import type { CapturedBlock, CaptureProcessorOptions } from './capture-messages.ts'
import { createRateChange } from './rate-change.ts'

/** Cuts its input into blocks. */
class CaptureProcessor extends AudioWorkletProcessor {
  readonly #change: (input: Float32Array, emit: (sample: number) => void) => void
  readonly #length: number
  #block: Float32Array<ArrayBuffer>
  #filled = 0
  #at = 0

  constructor({ processorOptions }: { processorOptions?: unknown }) {
    super()
    const { rate, blockLength } = processorOptions as CaptureProcessorOptions
    this.#change = createRateChange(sampleRate, rate)
    this.#length = blockLength
    this.#block = new Float32Array(blockLength)
  }

  override process([input]: Float32Array[][]): boolean {
    // No input is connected while one microphone replaces another.
    this.#change(input?.[0] ?? SILENCE, this.#add)
    return true
  }

  readonly #add = (sample: number): void => {
    this.#block[this.#filled++] = sample
    if (this.#filled === this.#length) this.#post()
  }

  #post(): void {
    const block: CapturedBlock = { samples: this.#block, at: this.#at }
    this.port.postMessage(block, [block.samples.buffer])
    this.#block = new Float32Array(this.#length)
    this.#filled = 0
    this.#at += this.#length
  }
}

/** One render quantum (Web Audio API, section 2.4). */
const SILENCE = new Float32Array(128)

registerProcessor('capture', CaptureProcessor)
