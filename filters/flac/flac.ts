import type { CreateFilter, Emit, FilterOptions, FrameFilter, RingView } from '../frame-filter.ts'
import { FlacScanner } from './scanner.ts'
import { isFlacFrame } from './sequence.ts'
import { describeStreamInfo, flacFormat } from './streaminfo.ts'

const NOTHING = Buffer.alloc(0)

/**
 * FLAC (RFC 9639) without Ogg. Each joining listener receives `fLaC` and STREAMINFO; frames contain everything else. Their
 * numbers, which then do not begin at 0, only need to be consecutive: flac, ffmpeg and mpv decode from any of them on without a
 * warning.
 */
class FlacFilter implements FrameFilter {
  readonly contentType = 'audio/flac'
  readonly numbering = 'flac'
  readonly #scanner: FlacScanner
  readonly #options: FilterOptions

  constructor(options: FilterOptions) {
    this.#options = options
    this.#scanner = new FlacScanner(options)
  }

  get skippedBytes(): number {
    return this.#scanner.skippedBytes
  }

  get format(): string | undefined {
    const info = this.#scanner.start?.info
    return info && flacFormat(info)
  }

  get description(): string | undefined {
    const info = this.#scanner.start?.info
    return info && `FLAC, ${describeStreamInfo(info)}`
  }

  get complaint(): string | undefined {
    const { start, skippedBytes, wasTooLong } = this.#scanner
    if (wasTooLong) return `a frame is larger than -frame-bytes ${this.#options.frameBytes}`
    return start === undefined && skippedBytes > 0 ? 'no FLAC header before the frames' : undefined
  }

  push(chunk: Buffer, emit: Emit): void {
    this.#scanner.push(chunk, emit)
  }

  flush(emit: Emit): void {
    this.#scanner.flush(emit)
  }

  end(emit: Emit): void {
    this.#scanner.end(emit)
  }

  preamble(at: number, ring: RingView, joining: boolean): Buffer {
    const frame = ring.at(at)
    return joining && isFlacFrame(frame) ? frame.start.header : NOTHING
  }
}

/** Makes the filter `flac`. */
export const createFlac: CreateFilter = (options) => new FlacFilter(options)
