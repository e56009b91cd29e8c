import type { ServedStream } from '../stream/served-stream.ts'
import type { ListenerConnected } from '../stream/stream-event.ts'
import type { Clock } from '../system/clock.ts'
import type { CloseReason, Listener } from './listener.ts'
import type { Visits } from './visits.ts'

/**
 * The connection of one listener, from which its events are made. It lives as long as the listener, so it has no reference to
 * the request.
 */
export class Visit {
  /** Undefined before it joins, and for a client that has got all it wants without joining. */
  listener: Listener | undefined
  readonly stream: ServedStream
  /** IP address of the client. */
  readonly address: string
  readonly #id: number
  readonly #visits: Visits
  readonly #clock: Clock
  readonly #client: string
  readonly #since: number

  /** Emits 'listener connected'. */
  constructor(stream: ServedStream, client: Omit<ListenerConnected, 'kind' | 'id'>, visits: Visits, clock: Clock) {
    this.stream = stream
    this.address = client.address
    this.#visits = visits
    this.#id = visits.add(this)
    this.#clock = clock
    this.#client = client.client
    this.#since = clock.now()
    stream.events.emit({ kind: 'listener connected', id: this.#id, ...client })
  }

  /** Emits 'listener disconnected'. @param reason that of a client that has not joined */
  ended(reason: CloseReason): void {
    const { bytesSent = 0, framesSent = 0, framesSkipped = 0, ending = reason } = this.listener ?? {}
    this.#visits.remove(this.#id)
    this.stream.events.emit({
      kind: 'listener disconnected',
      id: this.#id,
      client: this.#client,
      ms: this.#clock.now() - this.#since,
      bytes: bytesSent,
      frames: framesSent,
      skipped: framesSkipped,
      reason: ending,
    })
  }
}
