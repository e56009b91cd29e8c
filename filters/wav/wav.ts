import { ByteQueue } from '../bytes/byte-queue.ts'
import type { CreateFilter, Emit, FilterOptions, Frame, FrameFilter, RingView } from '../frame-filter.ts'
import type { PcmFormat } from '../pcm-format.ts'
import { createRaw } from '../raw.ts'
import { isWavNext, nextWav, WAV_MAGIC_BYTES, WavTrailer } from './boundaries.ts'
import { endlessHeaderOf } from './header.ts'
import { readPcmHeader } from './pcm-containers.ts'
import { MAX_HEADER_BYTES, samplesIn, silenceOf, type WavHeader, wavFormat } from './riff.ts'
import { asWavSamples } from './samples.ts'

const NOTHING = Buffer.alloc(0)
/** Approximate size of a frame without `-frame-bytes`, in bytes; single samples would be far too small. */
const FRAME_BYTES = 1024

/** A frame, and the header that a listener must receive before it. */
interface WavFrame extends Frame {
  readonly header: Buffer
}

/** One WAV stream of those in the pipe. */
interface WavPart {
  readonly samples: FrameFilter
  readonly pcm: PcmFormat | undefined
  readonly format: string
  readonly header: Buffer
  readonly source: WavHeader
  /** Bytes of samples that are still to come. */
  left: number
}

/**
 * WAV: the header describes the samples, each listener receives a header without an end, and frames are whole samples.
 *
 * ```
 *   [header 1][samples ....][LIST ...][header 2][samples ........
 *                                     '-- goes on for listeners when its format is the same; else it is another format
 * ```
 */
class WavFilter implements FrameFilter {
  readonly contentType = 'audio/wav'
  refusal: string | undefined
  /** Reason for dropping bytes behind the first samples; undefined when they are not WAV. */
  #fault: string | undefined
  readonly #options: FilterOptions
  readonly #queue = new ByteQueue()
  readonly #trailer = new WavTrailer(this.#queue)
  #state: 'header' | 'samples' | 'behind' = 'header'
  #part: WavPart | undefined
  /** The next frame is the first one of another format. */
  #isOther = false
  /** Bytes that were dropped within headers and samples. */
  #skippedBytes = 0
  /** Bytes that must be queued before anything can be decided. */
  #need = 1

  constructor(options: FilterOptions) {
    this.#options = options
  }

  get format(): string | undefined {
    return this.#part?.format
  }

  get samples(): PcmFormat | undefined {
    return this.#part?.pcm
  }

  get skippedBytes(): number {
    return this.#skippedBytes + this.#trailer.droppedBytes + (this.#part?.samples.skippedBytes ?? 0)
  }

  get description(): string | undefined {
    return this.format && `WAV, ${this.format}`
  }

  get complaint(): string | undefined {
    if (this.#trailer.droppedBytes === 0) return undefined
    return this.#fault ?? 'bytes after the samples of a WAV stream are not another WAV stream'
  }

  push(chunk: Buffer, emit: Emit): void {
    this.#queue.append(chunk)
    if (this.#queue.length >= this.#need) this.#run(false, emit)
  }

  flush(emit: Emit): void {
    this.#run(true, emit)
    this.#part?.samples.flush?.(this.#sending(emit))
  }

  end(emit: Emit): void {
    this.#run(true, emit)
    this.#finishSamples(emit)
  }

  preamble(at: number, ring: RingView, joining: boolean): Buffer {
    if (!joining) return NOTHING
    const frame = ring.at(at)
    return (isWavFrame(frame) ? frame.header : this.#part?.header) ?? NOTHING
  }

  silence(last: Frame): Frame | undefined {
    return this.#part?.samples.silence?.(last)
  }

  #run(ended: boolean, emit: Emit): void {
    this.#need = 1
    while (this.#queue.length > 0) {
      const need = this.#step(ended, emit)
      if (need > this.#queue.length && !ended) {
        this.#need = need
        return
      }
    }
  }

  /** Every step removes bytes from the queue or changes the state and returns 0, or returns the number of bytes it needs. */
  #step(ended: boolean, emit: Emit): number {
    if (this.refusal !== undefined) return this.#skip(this.#queue.length)
    if (this.#state === 'samples' && this.#part !== undefined) return this.#pass(this.#part, ended, emit)
    if (this.#state === 'behind') {
      const need = this.#trailer.step(ended)
      if (need === undefined) this.#state = 'header'
      return need ?? 0
    }
    return this.#readHeader(ended, emit)
  }

  #readHeader(ended: boolean, emit: Emit): number {
    const queue = this.#queue
    queue.join(Math.min(queue.length, 2 * MAX_HEADER_BYTES))
    const header = readPcmHeader(queue.front.subarray(queue.head))
    if (header === undefined) return ended ? this.#skip(queue.length) : queue.length + 1
    if (typeof header === 'object') this.#begin(header, emit)
    else if (this.#part === undefined) this.refusal = header
    else this.#distrust(header)
    return 0
  }

  #begin(header: WavHeader, emit: Emit): void {
    const { blockBytes, rate, dataBytes } = header
    this.#finishSamples(emit)
    const format = wavFormat(header)
    this.#isOther ||= this.#part !== undefined && this.#part.format !== format
    const samples = createRaw({
      ...this.#options,
      frameBytes: this.#options.frameBytes ?? FRAME_BYTES,
      blockBytes,
      byteUs: 1e6 / (rate * blockBytes),
      // Whole samples are kept at the end, because those of the next file can follow: nothing is lost between two files.
      keepTail: true,
      silentByte: silenceOf(header),
    })
    this.#skippedBytes += this.#part?.samples.skippedBytes ?? 0
    this.#part = {
      samples,
      pcm: samplesIn(header),
      format,
      header: endlessHeaderOf(header.fmt),
      source: header,
      left: dataBytes,
    }
    this.#trailer.begin(dataBytes)
    this.#state = 'samples'
    this.#queue.drop(header.bytes)
  }

  /** A second header that cannot be used: what follows it is dropped. */
  #distrust(fault: string): void {
    this.#fault = fault
    this.#trailer.distrust()
    this.#state = 'behind'
    this.#skip(WAV_MAGIC_BYTES)
  }

  #pass(part: WavPart, ended: boolean, emit: Emit): number {
    const queue = this.#queue
    if (part.left === 0) {
      this.#finishSamples(emit)
      this.#state = 'behind'
      return 0
    }
    const at = nextWav(queue.front, queue.head)
    if (at === queue.head) {
      if (queue.length < WAV_MAGIC_BYTES && !ended) return WAV_MAGIC_BYTES
      if (isWavNext(queue)) {
        this.#state = 'header'
        return 0
      }
    }
    const bytes = Math.min(Math.max(1, at - queue.head), part.left)
    part.left -= bytes
    part.samples.push(queue.take(bytes), this.#sending(emit))
    return 0
  }

  /** Emits the last samples; an incomplete one is dropped. May be called again. */
  #finishSamples(emit: Emit): void {
    this.#part?.samples.end(this.#sending(emit))
  }

  #sending(emit: Emit): Emit {
    return ({ bytes, durationUs }) => {
      const { header = NOTHING, source } = this.#part ?? {}
      const frame = { bytes: source === undefined ? bytes : asWavSamples(bytes, source), durationUs }
      const own: WavFrame = this.#isOther ? { ...frame, header, isOtherFormat: true } : { ...frame, header }
      this.#isOther = false
      emit(own)
    }
  }

  #skip(bytes: number): number {
    this.#skippedBytes += Math.min(bytes, this.#queue.length)
    this.#queue.drop(bytes)
    return 0
  }
}

function isWavFrame(frame: Frame | undefined): frame is WavFrame {
  return frame !== undefined && 'header' in frame
}

/** Makes the filter `wav`. */
export const createWav: CreateFilter = (options) => new WavFilter(options)
