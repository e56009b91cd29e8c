import type { CreateFilter, Emit, FilterOptions, Frame, FrameFilter, RingView } from './frame-filter.ts'
import { createRaw } from './raw.ts'
import { readWavHeader, silenceOf, type WavHeader, wavFormat } from './riff.ts'
import { endlessHeaderOf } from './wav-header.ts'

const NOTHING = Buffer.alloc(0)
/** Frames of about so many bytes, when `-frame-bytes` says nothing: samples come by the thousand. */
const FRAME_BYTES = 1024

/**
 * WAV: the header says what the samples are, each listener gets one of its own without an end, and frames are whole samples.
 * What follows samples whose number was known (other chunks, another file) is passed over.
 */
class WavFilter implements FrameFilter {
  readonly contentType = 'audio/wav'
  format: string | undefined
  refusal: string | undefined
  #skippedBytes = 0
  readonly #options: FilterOptions
  /** What has come of the header. */
  #head: Buffer = NOTHING
  #samples: FrameFilter | undefined
  /** Bytes of samples that are still to come. */
  #left = 0
  /** What a listener gets first. */
  #header: Buffer = NOTHING

  constructor(options: FilterOptions) {
    this.#options = options
  }

  get skippedBytes(): number {
    return this.#skippedBytes + (this.#samples?.skippedBytes ?? 0)
  }

  get description(): string | undefined {
    return this.format && `WAV, ${this.format}`
  }

  push(chunk: Buffer, emit: Emit): void {
    if (this.#samples === undefined) this.#readHeader(chunk, emit)
    else this.#pass(this.#samples, chunk, emit)
  }

  end(emit: Emit): void {
    this.#samples?.end(emit)
    this.#skippedBytes += this.#head.length
    this.#head = NOTHING
  }

  preamble(_at: number, _ring: RingView, joining: boolean): Buffer {
    return joining ? this.#header : NOTHING
  }

  silence(last: Frame): Frame | undefined {
    return this.#samples?.silence?.(last)
  }

  #readHeader(chunk: Buffer, emit: Emit): void {
    if (this.refusal !== undefined) {
      this.#skippedBytes += chunk.length
      return
    }
    const bytes = Buffer.concat([this.#head, chunk])
    const header = readWavHeader(bytes)
    this.#head = header === undefined ? bytes : NOTHING
    if (typeof header === 'string') {
      this.refusal = header
      this.#skippedBytes += bytes.length
    } else if (header !== undefined) this.#begin(header, bytes, emit)
  }

  #begin(header: WavHeader, bytes: Buffer, emit: Emit): void {
    const { blockBytes, rate } = header
    const samples = createRaw({
      ...this.#options,
      frameBytes: this.#options.frameBytes ?? FRAME_BYTES,
      blockBytes,
      byteUs: 1e6 / (rate * blockBytes),
      // Whole samples can be followed by others: between two files nothing is lost.
      keepTail: true,
      silentByte: silenceOf(header),
    })
    this.format = wavFormat(header)
    this.#header = endlessHeaderOf(header.fmt)
    this.#left = header.dataBytes
    this.#samples = samples
    this.#pass(samples, bytes.subarray(header.bytes), emit)
  }

  #pass(samples: FrameFilter, chunk: Buffer, emit: Emit): void {
    const own = chunk.subarray(0, Math.min(chunk.length, this.#left))
    this.#left -= own.length
    if (own.length > 0) samples.push(own, emit)
  }
}

/** Makes the filter `wav`. */
export const createWav: CreateFilter = (options) => new WavFilter(options)
