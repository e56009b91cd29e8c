import type { Station } from '../station/station.ts'
import type { Stream } from '../stream/stream.ts'
import type { ListenerEvent } from '../stream/stream-event.ts'
import { joinPointOf } from './join-point-of.ts'
import type { ListenerReport, Order, StreamUpdate } from './messages.ts'
import type { StreamExport } from './stream-export.ts'
import { createSubscriptions, type Subscriptions } from './subscriptions.ts'

/** Parts of the program that the streams of all threads share. */
export interface StreamParts {
  readonly station: Station
  readonly exportOf: (stream: Stream) => StreamExport
  /** Called when listeners have disconnected, or their thread has ended. */
  listenersLeft(): void
}

/** Maximum bytes of frames that wait for a thread. Above that it gets none, so its listeners skip. */
const MOST_WAITING_BYTES = 16 * 1024 * 1024

/** The streams that one thread delivers: finds them, posts their frames, and handles the reports of their listeners. */
export class WorkerStreams {
  readonly #thread: number
  readonly #parts: StreamParts
  readonly #post: (order: Order) => void
  readonly #subscriptions: Subscriptions
  /** Total bytes of frames that have been posted, and that the thread has received. */
  #postedBytes = 0
  readonly #takenBytes: Float64Array
  /** Number of listeners that have connected and not disconnected, by their streams. */
  readonly #connected = new Map<Stream, number>()

  /**
   * @param taken see `ThreadData`.
   * @param post posts to the thread.
   */
  constructor(thread: number, taken: SharedArrayBuffer, parts: StreamParts, post: (order: Order) => void) {
    this.#thread = thread
    this.#takenBytes = new Float64Array(taken)
    this.#parts = parts
    this.#post = post
    this.#subscriptions = createSubscriptions(parts.exportOf, (update) => this.#postUpdate(update))
  }

  /** Returns a stream that the thread delivers; undefined: it does not any more. */
  get(id: number): Stream | undefined {
    return this.#subscriptions.get(id)?.stream
  }

  /** Number of the thread's listeners of a stream. */
  listeners(stream: Stream): number {
    return this.#subscriptions.listeners(stream)
  }

  /** Removes all listeners of a thread that has ended. */
  giveUp(): void {
    this.#subscriptions.giveUp()
    for (const [stream, count] of this.#connected)
      stream.events.emit({ kind: 'listeners lost', count, thread: this.#thread })
    this.#connected.clear()
  }

  /** Posts the stream at a path to the thread, which has requested it. @param ask number of the request. */
  async find(ask: number, path: string): Promise<void> {
    try {
      const stream = await this.#parts.station.find(path)
      this.#post({ kind: 'found', ask, stream: stream && this.#subscriptions.to(stream) })
    } catch (error) {
      this.#post({ kind: 'not found', ask, why: String(error) })
    }
  }

  handle(report: ListenerReport): void {
    const subscription = this.#subscriptions.get(report.id)
    if (subscription === undefined) return
    const { stream } = subscription
    if (report.kind === 'join') {
      this.#post({ kind: 'join point', id: report.id, joinPoint: joinPointOf(stream, report.request) })
    } else if (report.kind === 'event') this.#emit(stream, report.event)
    else if (report.kind === 'came') subscription.listenerCame()
    else {
      subscription.listenerLeft()
      this.#parts.listenersLeft()
    }
  }

  #emit(stream: Stream, event: ListenerEvent): void {
    const connected = (this.#connected.get(stream) ?? 0) + (event.kind === 'listener connected' ? 1 : -1)
    if (connected > 0) this.#connected.set(stream, connected)
    else this.#connected.delete(stream)
    stream.events.emit({ ...event, thread: this.#thread })
  }

  #postUpdate(update: StreamUpdate): void {
    const isBehind = this.#postedBytes - (this.#takenBytes[0] ?? 0) > MOST_WAITING_BYTES
    const lengths = isBehind ? update.lengths.subarray(0, 0) : update.lengths
    for (const length of lengths) this.#postedBytes += length
    this.#post({ kind: 'news', news: { ...update, lengths } })
  }
}
