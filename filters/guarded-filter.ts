import type { Emit, EpochMark, Frame, FrameFilter, RingView } from './frame-filter.ts'
import type { NumberedFormat } from './numbering.ts'
import { oneLine } from './one-line.ts'
import { isPcmFormat, type PcmFormat } from './pcm-format.ts'

const NOTHING = Buffer.alloc(0)

/** A filter has thrown, or has returned or emitted what no filter may. The message names the filter and its method. */
export class FilterError extends Error {
  override readonly name = 'FilterError'
}

/**
 * Calls a user's filter, which is unchecked JavaScript. Only `push` throws. After a failure of another method it returns a
 * neutral value, and `failure` has the reason; the source is closed with the next chunk.
 */
export class GuardedFilter implements FrameFilter {
  readonly flush?: NonNullable<FrameFilter['flush']>
  readonly settle?: NonNullable<FrameFilter['settle']>
  readonly preamble?: NonNullable<FrameFilter['preamble']>
  readonly silence?: NonNullable<FrameFilter['silence']>
  readonly #name: string
  readonly #filter: FrameFilter
  readonly #emit: Emit
  #out: Emit | undefined
  #failure: FilterError | undefined

  constructor(name: string, filter: FrameFilter) {
    this.#name = name
    this.#filter = filter
    this.#emit = (frame) => {
      const fault = this.#out === undefined ? 'called outside of push, flush, settle and end' : faultOf(frame)
      if (fault === undefined) this.#out?.(frame)
      // An exception in a timer of the filter's would end the program.
      else this.#fail('emit', fault)
    }
    if (this.#has('flush')) this.flush = (emit) => this.#emitting('flush', emit, () => filter.flush?.(this.#emit))
    if (this.#has('settle')) this.settle = (emit) => this.#emitting('settle', emit, () => filter.settle?.(this.#emit))
    if (this.#has('preamble')) this.preamble = (...asked) => this.#preamble(...asked)
    if (this.#has('silence')) this.silence = (last) => this.#silence(last)
  }

  get contentType(): string | undefined {
    return this.#text('contentType')
  }

  get skippedBytes(): number {
    return this.#call('skippedBytes', 0, () => {
      const bytes: unknown = this.#filter.skippedBytes
      if (typeof bytes !== 'number' || !(bytes >= 0)) throw new TypeError('is not a number of bytes')
      return bytes
    })
  }

  get format(): string | undefined {
    return this.#text('format')
  }

  get description(): string | undefined {
    return this.#text('description')
  }

  get numbering(): NumberedFormat | undefined {
    return this.#call('numbering', undefined, () => {
      const format: unknown = this.#filter.numbering
      if (format === undefined || format === 'flac') return format
      throw new TypeError('is not the name of a numbered format')
    })
  }

  get samples(): PcmFormat | undefined {
    return this.#call('samples', undefined, () => {
      const format: unknown = this.#filter.samples
      if (format === undefined || isPcmFormat(format)) return format
      throw new TypeError('is not a format of samples')
    })
  }

  get complaint(): string | undefined {
    return this.#text('complaint')
  }

  get refusal(): string | undefined {
    return this.#text('refusal')
  }

  get mark(): EpochMark | undefined {
    return this.#call('mark', undefined, () => {
      const mark: unknown = this.#filter.mark
      if (mark === undefined || isMark(mark)) return mark
      throw new TypeError('is not a mark of an epoch')
    })
  }

  /** Error of the filter, which is not called again after it; undefined: none. */
  get failure(): string | undefined {
    return this.#failure?.message
  }

  /** @throws FilterError */
  push(chunk: Buffer, emit: Emit): void {
    if (this.#failure === undefined) this.#emitting('push', emit, () => this.#filter.push(chunk, this.#emit))
    if (this.#failure !== undefined) throw this.#failure
  }

  end(emit: Emit): void {
    if (this.#failure === undefined) this.#emitting('end', emit, () => this.#filter.end(this.#emit))
  }

  #preamble(at: number, ring: RingView, joining: boolean, missedFrom?: number): Buffer | null {
    return this.#call('preamble', NOTHING, () => {
      const bytes: unknown = this.#filter.preamble?.(at, ring, joining, missedFrom)
      if (bytes === null || Buffer.isBuffer(bytes)) return bytes
      throw new TypeError('has returned neither a Buffer nor null')
    })
  }

  #silence(last: Frame): Frame | undefined {
    return this.#call('silence', undefined, () => {
      const frame = this.#filter.silence?.(last) ?? undefined
      const fault = frame && faultOf(frame)
      if (fault !== undefined) throw new TypeError(fault)
      return frame
    })
  }

  #emitting(method: 'push' | 'flush' | 'settle' | 'end', emit: Emit, run: () => void): void {
    this.#out = emit
    this.#call(method, undefined, () => {
      const returned: unknown = run()
      if (!(returned instanceof Promise)) return
      returned.catch(() => {})
      throw new TypeError('has returned a promise')
    })
    this.#out = undefined
  }

  #text(property: 'contentType' | 'format' | 'description' | 'complaint' | 'refusal'): string | undefined {
    return this.#call(property, undefined, () => {
      const text: unknown = this.#filter[property]
      if (text === undefined) return undefined
      if (typeof text !== 'string' || /\p{Cc}/u.test(text)) throw new TypeError('is not a line of text')
      return text
    })
  }

  #has(method: 'flush' | 'settle' | 'preamble' | 'silence'): boolean {
    return this.#call(method, false, () => {
      const found: unknown = this.#filter[method]
      if (found === undefined || typeof found === 'function') return found !== undefined
      throw new TypeError('is not a function')
    })
  }

  /** Runs what the filter is written for. @returns `otherwise` when it throws */
  #call<T>(member: string, otherwise: T, run: () => T): T {
    try {
      return run()
    } catch (error) {
      this.#fail(member, oneLine(error))
      return otherwise
    }
  }

  /** The first failure counts: what follows may be of its making. */
  #fail(member: string, why: string): FilterError {
    this.#failure ??= new FilterError(`filter ${this.#name}: ${member}: ${why}`)
    return this.#failure
  }
}

function isMark(value: unknown): value is EpochMark {
  if (typeof value !== 'object' || value === null) return false
  const { id, seq, extra, us, beganAt, header } = value as Partial<Record<keyof EpochMark, unknown>>
  const isPlace =
    Number.isSafeInteger(seq) && Number.isSafeInteger(extra) && Number.isFinite(us) && Number.isFinite(beganAt)
  return isPlace && typeof id === 'string' && /^[0-9a-f]{12}$/.test(id) && Buffer.isBuffer(header)
}

/** @returns why it is not a frame; undefined when it is one. */
function faultOf(frame: unknown): string | undefined {
  if (typeof frame !== 'object' || frame === null) return 'a frame is not an object'
  const { bytes, durationUs, title } = frame as Partial<Record<keyof Frame, unknown>>
  if (!Buffer.isBuffer(bytes)) return 'the bytes of a frame are not a Buffer'
  if (typeof durationUs !== 'number' || !(durationUs >= 0 && durationUs < Infinity))
    return 'the durationUs of a frame is not a time'
  if (title !== undefined && typeof title !== 'string') return 'the title of a frame is not a text'
  return undefined
}
