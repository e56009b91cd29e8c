import { ByteQueue } from './bytes/byte-queue.ts'
import type { CreateFilter, Emit, FilterOptions, Frame, FrameFilter } from './frame-filter.ts'

/** Frame size without `-frame-bytes`, in bytes. */
const DEFAULT_FRAME_BYTES = 64

/** Bytes without structure: frames of one size, which end at the end of a sample of every channel. */
class RawFilter implements FrameFilter {
  readonly contentType = 'application/octet-stream'
  skippedBytes = 0
  readonly #queue = new ByteQueue()
  readonly #options: FilterOptions
  readonly #frameBytes: number
  #silence: Frame | undefined

  constructor(options: FilterOptions) {
    this.#options = options
    const wanted = wholeBlocks(options.frameBytes ?? DEFAULT_FRAME_BYTES, options.blockBytes)
    this.#frameBytes = Math.max(options.blockBytes, wanted)
  }

  push(chunk: Buffer, emit: Emit): void {
    this.#queue.append(chunk)
    if (this.#options.isCut === true) return
    while (this.#queue.length >= this.#frameBytes) this.#emit(this.#frameBytes, emit)
  }

  flush(emit: Emit): void {
    const tail = wholeBlocks(this.#queue.length, this.#options.blockBytes)
    if (tail > 0) this.#emit(tail, emit)
  }

  end(emit: Emit): void {
    if (this.#options.keepTail) this.flush(emit)
    this.skippedBytes += this.#queue.length
    this.#queue.drop(this.#queue.length)
  }

  /** Returns the same frame each time; undefined when the duration of a byte is not known. */
  silence(): Frame | undefined {
    const { byteUs, silentByte } = this.#options
    if (byteUs === 0) return undefined
    this.#silence ??= { bytes: Buffer.alloc(this.#frameBytes, silentByte), durationUs: this.#frameBytes * byteUs }
    return this.#silence
  }

  #emit(bytes: number, emit: Emit): void {
    emit({ bytes: this.#queue.take(bytes), durationUs: bytes * this.#options.byteUs })
  }
}

function wholeBlocks(bytes: number, blockBytes: number): number {
  return bytes - (bytes % blockBytes)
}

/** Makes the filter `raw`. */
export const createRaw: CreateFilter = (options) => new RawFilter(options)
