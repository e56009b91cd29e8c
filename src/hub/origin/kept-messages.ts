/** A message that was sent. */
export interface KeptMessage {
  readonly payload: Buffer
  /** Number of its frames. */
  readonly frames: number
  /** When it was sent, in milliseconds of the clock. */
  readonly at: number
}

/** Age up to which messages are sent again when an edge asks, in milliseconds. */
const RESENT_MS = 1_500
/** Age up to which they are kept, in milliseconds, and their maximum size together, in bytes. */
export const KEPT_MS = 3_000
const MAX_BYTES = 4 * 2 ** 20

/** The last messages of a stream: what a hub that was away has missed, or an edge. */
export class KeptMessages {
  readonly #messages: KeptMessage[] = []
  #bytes = 0

  add(message: KeptMessage): void {
    this.#messages.push(message)
    this.#bytes += message.payload.length
    this.#dropBefore(message.at - KEPT_MS)
    while (this.#bytes > MAX_BYTES && this.#messages.length > 1) this.#drop()
  }

  /**
   * Returns the last messages, oldest first.
   * @param now in milliseconds of the clock @param ms their maximum age, in milliseconds, up to `KEPT_MS`
   */
  recent(now: number, ms = RESENT_MS): readonly KeptMessage[] {
    return this.#messages.filter(({ at }) => at >= now - ms)
  }

  #dropBefore(at: number): void {
    while (this.#messages[0] !== undefined && this.#messages[0].at < at) this.#drop()
  }

  #drop(): void {
    this.#bytes -= this.#messages.shift()?.payload.length ?? 0
  }
}
