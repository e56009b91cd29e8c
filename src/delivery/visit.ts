import type { ServedStream } from '../stream/served-stream.ts'
import type { ListenerConnected } from '../stream/stream-event.ts'
import type { Clock } from '../system/clock.ts'
import type { CloseReason, Listener } from './listener.ts'

/**
 * The connection of one listener, from which its events are made. It lives as long as the listener, so it has no reference to
 * the request.
 */
export class Visit {
  /** Undefined before it joins, and for a client that has got all it wants without joining. */
  listener: Listener | undefined
  readonly #stream: ServedStream
  readonly #clock: Clock
  readonly #client: string
  readonly #since: number

  /** Emits 'listener connected'. */
  constructor(stream: ServedStream, client: Omit<ListenerConnected, 'kind'>, clock: Clock) {
    this.#stream = stream
    this.#clock = clock
    this.#client = client.client
    this.#since = clock.now()
    stream.events.emit({ kind: 'listener connected', ...client })
  }

  /** Emits 'listener disconnected'. @param reason that of a client that has not joined */
  ended(reason: CloseReason): void {
    const { bytesSent = 0, framesSent = 0, framesSkipped = 0, ending = reason } = this.listener ?? {}
    this.#stream.events.emit({
      kind: 'listener disconnected',
      client: this.#client,
      ms: this.#clock.now() - this.#since,
      bytes: bytesSent,
      frames: framesSent,
      skipped: framesSkipped,
      reason: ending,
    })
  }
}
