import type { Emit, FilterOptions, Frame, FrameFilter } from '../frame-filter.ts'
import { type DescribedType, describeFrames } from './describe.ts'
import { FrameScanner } from './frame-scanner.ts'
import type { Syntax } from './syntax.ts'

/** Number of frames that are enough to describe the stream; for large frames, their total size in bytes. */
const SAMPLE_FRAMES = 4
const SAMPLE_BYTES = 4096

/** Bytes without a frame, from the start, after which a complaint is reported. */
const SILENT_BYTES = 64 * 1024

/** The filter of a format that is framed by sync words: a scanner, and texts about the stream that it finds. */
export class SyncFilter implements FrameFilter {
  readonly contentType: DescribedType
  readonly scanner: FrameScanner
  format: string | undefined
  description: string | undefined
  readonly #syntax: Syntax
  readonly #options: FilterOptions
  /** Kind of the newest emitted frame; -1 before the first. */
  #kind = -1
  /** The first frames, until the stream is described. */
  #sample: Buffer[] | undefined = []
  #sampleBytes = 0

  constructor(syntax: Syntax, contentType: DescribedType, options: FilterOptions) {
    this.contentType = contentType
    this.scanner = new FrameScanner(syntax, options.frameBytes)
    this.#syntax = syntax
    this.#options = options
  }

  get skippedBytes(): number {
    return this.scanner.skippedBytes
  }

  get complaint(): string | undefined {
    const { oversizeBytes, lockedAt, skippedBytes } = this.scanner
    if (oversizeBytes > 0) {
      return `a frame of ${oversizeBytes} bytes is larger than -frame-bytes ${this.#options.frameBytes}`
    }
    if (lockedAt !== undefined || skippedBytes < SILENT_BYTES) return undefined
    return `no frame of ${this.#syntax.name} in the first ${skippedBytes} bytes`
  }

  push(chunk: Buffer, emit: Emit): void {
    this.scanner.push(chunk, this.#taking(emit))
  }

  flush(emit: Emit): void {
    this.scanner.flush(this.#taking(emit))
  }

  end(emit: Emit): void {
    this.scanner.end(this.#taking(emit))
    if (this.#sampleBytes > 0) this.#describe()
  }

  /** Passes on a frame that was found. Formats override this to process it first. */
  protected pass(frame: Frame, emit: Emit): void {
    emit(frame)
  }

  #taking(emit: Emit): Emit {
    const send: Emit = (frame) => {
      this.#name(frame.bytes)
      emit(frame)
    }
    return (frame) => {
      this.pass(frame, send)
      if (this.#sample) this.#keep(frame, this.#sample)
    }
  }

  #name(frame: Buffer): void {
    const kind = this.#syntax.kind(frame, 0)
    if (kind === this.#kind) return
    this.#kind = kind
    this.format = this.#syntax.format(frame, 0)
  }

  #keep({ bytes }: Frame, sample: Buffer[]): void {
    sample.push(bytes)
    this.#sampleBytes += bytes.length
    if (sample.length === SAMPLE_FRAMES || this.#sampleBytes >= SAMPLE_BYTES) this.#describe()
  }

  #describe(): void {
    if (this.#sample) this.description = describeFrames(this.contentType, this.#sample)
    this.#sample = undefined
  }
}
