import type { Delivery } from '../../src/delivery/delivery.ts'
import type { Listener, Sink, SinkOwner } from '../../src/delivery/listener.ts'

/** One write, as a sink receives it. */
export interface Write {
  readonly before: Buffer
  readonly bytes: Buffer
}

/** A listener without a network. It passes its writes to `take`. */
export class MemoryListener implements Sink {
  owner: SinkOwner | undefined
  readonly listener: Listener
  /** Total bytes, including preambles. */
  bytes = 0
  readonly #take: (write: Write) => void
  readonly #isSlow: boolean
  #isWriting = false

  /** @param isSlow whether it accepts the next write only after `drain`. */
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
    this.owner?.gone('disconnected')
  }

  /** Completes the last write. */
  drain(): void {
    if (!this.#isWriting) return
    this.#isWriting = false
    this.owner?.drained()
  }
}
