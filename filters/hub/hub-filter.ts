import { ByteQueue } from '../bytes/byte-queue.ts'
import { ChosenFilter } from '../chosen-filter.ts'
import type { CreateFilter, Emit, FilterOptions, FrameFilter } from '../frame-filter.ts'
import { MAGIC } from './message.ts'
import { MessageFilter } from './message-filter.ts'

/** Bytes of an edge: messages of the hub, or those of a relay that stands in. */
class HubFilter extends ChosenFilter {
  readonly #options: FilterOptions
  readonly #inner: CreateFilter
  readonly #held = new ByteQueue()

  constructor(options: FilterOptions, inner: CreateFilter) {
    super()
    this.#options = options
    this.#inner = inner
  }

  push(chunk: Buffer, emit: Emit): void {
    if (this.chosen !== undefined) return this.chosen.push(chunk, emit)
    this.#held.append(chunk)
    const length = Math.min(this.#held.length, MAGIC.length)
    const at = this.#held.look(0, length)
    const isMessage = MAGIC.subarray(0, length).equals(this.#held.found.subarray(at, at + length))
    if (!isMessage) this.#choose(this.#inner(this.#options), emit)
    else if (length === MAGIC.length) this.#choose(new MessageFilter(this.#options), emit)
  }

  settle(emit: Emit): void {
    this.chosen?.settle?.(emit)
  }

  end(emit: Emit): void {
    if (this.chosen === undefined && this.#held.length > 0) this.#choose(this.#inner(this.#options), emit)
    this.chosen?.end(emit)
  }

  #choose(filter: FrameFilter, emit: Emit): void {
    this.chosen = filter
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
