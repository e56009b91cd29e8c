import type { Delivery } from '../../src/delivery/delivery.ts'
import type { Listener, Sink, SinkOwner } from '../../src/delivery/listener.ts'

/** One write, as a sink got it. */
export interface Write {
  readonly before: Buffer
  readonly bytes: Buffer
}

/** A listener without a network. What it gets goes to `take`. */
export class MemoryListener implements Sink {
  owner: SinkOwner | undefined
  readonly listener: Listener
  /** All of it, preambles too. */
  bytes = 0
  readonly #take: (write: Write) => void
  readonly #isSlow: boolean
  #isWriting = false

  /** @param isSlow it takes one write, and the next one when it is told to. */
  constructor(delivery: Delivery, take: (write: Write) => void, isSlow = false) {
    this.#take = take
    this.#isSlow = isSlow
    this.listener = delivery.join(this)
  }

  write(bytes: Buffer, before: Buffer): boolean {
    this.bytes += before.length + bytes.length
    this.#take({ before, bytes })
    this.#isWriting = this.#isSlow
    return !this.#isSlow
  }

  refuse(): void {
    this.end()
  }

  end(): void {
    this.leave()
  }

  leave(): void {
    this.owner?.gone('left')
  }

  /** The last write has got through. */
  drain(): void {
    if (!this.#isWriting) return
    this.#isWriting = false
    this.owner?.drained()
  }
}
