import { ByteQueue } from '../bytes/byte-queue.ts'
import type { CreateFilter, Emit, EpochMark, FilterOptions, Frame, FrameFilter, RingView } from '../frame-filter.ts'
import type { NumberedFormat } from '../numbering.ts'
import type { PcmFormat } from '../pcm-format.ts'
import { MAGIC } from './message.ts'
import { MessageFilter } from './message-filter.ts'

const NOTHING = Buffer.alloc(0)

/** Bytes of an edge: messages of the hub, or those of a relay that stands in. */
class HubFilter implements FrameFilter {
  readonly #options: FilterOptions
  readonly #inner: CreateFilter
  readonly #held = new ByteQueue()
  /** Undefined until the first bytes have arrived. */
  #chosen: FrameFilter | undefined

  constructor(options: FilterOptions, inner: CreateFilter) {
    this.#options = options
    this.#inner = inner
  }

  get contentType(): string | undefined {
    return this.#chosen?.contentType
  }

  get skippedBytes(): number {
    return this.#chosen?.skippedBytes ?? 0
  }

  get format(): string | undefined {
    return this.#chosen?.format
  }

  get description(): string | undefined {
    return this.#chosen?.description
  }

  get samples(): PcmFormat | undefined {
    return this.#chosen?.samples
  }

  get complaint(): string | undefined {
    return this.#chosen?.complaint
  }

  get refusal(): string | undefined {
    return this.#chosen?.refusal
  }

  get mark(): EpochMark | undefined {
    return this.#chosen?.mark
  }

  get numbering(): NumberedFormat | undefined {
    return this.#chosen?.numbering
  }

  push(chunk: Buffer, emit: Emit): void {
    if (this.#chosen !== undefined) return this.#chosen.push(chunk, emit)
    this.#held.append(chunk)
    const length = Math.min(this.#held.length, MAGIC.length)
    const at = this.#held.look(0, length)
    const isMessage = MAGIC.subarray(0, length).equals(this.#held.found.subarray(at, at + length))
    if (!isMessage) this.#choose(this.#inner(this.#options), emit)
    else if (length === MAGIC.length) this.#choose(new MessageFilter(this.#options), emit)
  }

  flush(emit: Emit): void {
    this.#chosen?.flush?.(emit)
  }

  settle(emit: Emit): void {
    this.#chosen?.settle?.(emit)
  }

  end(emit: Emit): void {
    if (this.#chosen === undefined && this.#held.length > 0) this.#choose(this.#inner(this.#options), emit)
    this.#chosen?.end(emit)
  }

  preamble(at: number, ring: RingView, joining: boolean, missedFrom?: number): Buffer | null {
    return this.#chosen?.preamble === undefined ? NOTHING : this.#chosen.preamble(at, ring, joining, missedFrom)
  }

  silence(last: Frame): Frame | undefined {
    return this.#chosen?.silence?.(last)
  }

  #choose(filter: FrameFilter, emit: Emit): void {
    this.#chosen = filter
    const held = this.#held
    while (held.length > 0) filter.push(held.take(held.front.length - held.head), emit)
  }
}

/**
 * Makes the filter of an edge. Each opening of its source is a run of consecutive messages, of which the first one has a key; or, when
 * its first bytes are not those of a message, a stream for another filter.
 * @param inner that filter
 */
export function createHubFilter(inner: CreateFilter): CreateFilter {
  return (options) => new HubFilter(options, inner)
}
