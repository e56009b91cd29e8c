/** Hot path: reads every sample of a stream; allocates nothing for a frame. */
import type { PcmFormat } from '../../filters/pcm-format.ts'
import { READ_SAMPLE, type ReadSample } from './read-sample.ts'

/** Largest part of full scale that is measured; floating point may have anything. */
const MAX_AMPLITUDE = 1000

/** Peaks and sums of squares of successive samples, by channel. */
export class Slice {
  readonly format: PcmFormat
  readonly peaks: Float64Array
  readonly squares: Float64Array
  /** Number of samples of each channel. */
  samples = 0
  readonly #read: ReadSample
  /** View of the memory of the last frame, which the next one usually shares. */
  #view: DataView = new DataView(new ArrayBuffer(0))

  constructor(format: PcmFormat) {
    this.format = format
    this.peaks = new Float64Array(format.channels)
    this.squares = new Float64Array(format.channels)
    this.#read = READ_SAMPLE[format.encoding]
  }

  /** Adds whole blocks. @param bytes a view of any memory, which is not copied */
  add(bytes: Uint8Array): void {
    if (this.#view.buffer !== bytes.buffer) this.#view = new DataView(bytes.buffer)
    const { bytesPerSample, blockBytes } = this.format
    const blocks = Math.floor(bytes.length / blockBytes)
    const end = bytes.byteOffset + blocks * blockBytes
    for (let channel = 0; channel < this.peaks.length; channel++) {
      this.#addChannel(channel, bytes.byteOffset + channel * bytesPerSample, end)
    }
    this.samples += blocks
  }

  #addChannel(channel: number, from: number, end: number): void {
    const { blockBytes } = this.format
    const view = this.#view
    const read = this.#read
    let peak = this.peaks[channel] ?? 0
    let sum = 0
    for (let at = from; at < end; at += blockBytes) {
      const amplitude = Math.min(Math.abs(read(view, at)), MAX_AMPLITUDE)
      if (amplitude > peak) peak = amplitude
      // False for a NaN.
      if (amplitude > 0) sum += amplitude * amplitude
    }
    this.peaks[channel] = peak
    this.squares[channel] = (this.squares[channel] ?? 0) + sum
  }
}
