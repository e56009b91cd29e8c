import type { FrameWatcher } from '../stream/frame-watcher.ts'
import type { Stream } from '../stream/stream.ts'
import type { Title } from '../stream/titles.ts'
import type { Clock } from '../system/clock.ts'
import type { NewsEvent, StreamState, StreamUpdate, WholeNews } from './messages.ts'
import type { SharedSegments } from './shared-segments.ts'
import { firstOfReplica, framesFrom, isSame, replicaSize, stateOf } from './update-parts.ts'

/** A thread that subscribes to the stream. */
export interface Subscriber {
  /** Receives new frames and state. */
  take(update: StreamUpdate): void
  /** Adds the counters of the thread's listeners since the last call to those of the stream. */
  count(): void
}

/**
 * Minimum time between messages, in milliseconds; chunks in between are sent together. Far less than frames wait for the tick.
 */
const BETWEEN_MS = 5
/** Bytes that are sent at once. */
const ENOUGH_BYTES = 64 * 1024

/**
 * Sends the new frames and the state of a stream to other threads:
 *
 *      ring      |frame|frame|frame|frame|frame|
 *                            ^ #from           ^ ring.next
 *                sent        next message
 */
export class StreamExport implements FrameWatcher {
  readonly id: number
  readonly stream: Stream
  readonly pauseMs = 0
  readonly #segments: SharedSegments
  readonly #clock: Clock
  readonly #subscribers = new Set<Subscriber>()
  /** The first frame that has not been sent, and the bytes from it on. */
  #from: number
  #waitingBytes = 0
  /** Time of the last message, with the state and the newest title in it. */
  #sentAt = Number.NEGATIVE_INFINITY
  #state: StreamState
  #title: Title | undefined
  /** Cancels the next message, when one is planned. */
  #cancel: (() => void) | undefined
  readonly #sendPlanned = () => this.#send()

  /** @param id unique among all streams. */
  constructor(stream: Stream, id: number, segments: SharedSegments, clock: Clock) {
    this.id = id
    this.stream = stream
    this.#segments = segments
    this.#clock = clock
    this.#from = stream.ring.next
    this.#state = stateOf(stream)
  }

  /** Adds a subscriber. @returns the newest frames and the present state. */
  add(subscriber: Subscriber): WholeNews {
    const { stream, id } = this
    this.#send()
    this.#from = stream.ring.next
    this.#state = stateOf(stream)
    this.#title = stream.titles.newest
    this.#subscribers.add(subscriber)
    const frames = framesFrom(stream, firstOfReplica(stream.ring, replicaSize(stream)), this.#segments)
    return { ...frames, id, state: this.#state, titles: stream.titles.recent(), event: undefined }
  }

  remove(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber)
  }

  /** Adds up the counters of all threads. */
  count(): void {
    for (const subscriber of this.#subscribers) subscriber.count()
  }

  /** Hot path. */
  frameCame(bytes: number): void {
    const { ring } = this.stream
    this.#waitingBytes += bytes
    if (this.#waitingBytes >= ENOUGH_BYTES || ring.next - this.#from >= ring.quarter) this.#send()
  }

  chunkEnded(): void {
    if (this.#clock.now() - this.#sentAt < BETWEEN_MS) this.#sendSoon()
    else this.#send()
  }

  formatChanged(): void {
    this.#send('format changed')
  }

  openingEnded(): void {
    this.#send('opening ended')
    // The ingest has not finished with the opening yet: the frame at which listeners join may still change.
    this.#sendSoon()
  }

  sourceRefused(): void {
    this.#send('source refused')
  }

  streamFinished(): void {
    this.#send('finished')
  }

  /** Sends the new frames to all subscribers, and those parts of the state that have changed. */
  #send(event?: NewsEvent): void {
    const { stream, id } = this
    this.#cancel?.()
    this.#cancel = undefined
    this.#waitingBytes = 0
    this.#sentAt = this.#clock.now()
    if (this.#subscribers.size === 0) return
    const changes = this.#changes()
    const frames = framesFrom(stream, Math.max(this.#from, stream.ring.first), this.#segments)
    const update = { ...frames, id, ...changes, event }
    this.#from = stream.ring.next
    for (const subscriber of this.#subscribers) subscriber.take(update)
  }

  /** @returns state and titles if they have changed since the last message. */
  #changes(): Pick<StreamUpdate, 'state' | 'titles'> {
    const { titles } = this.stream
    const now = stateOf(this.stream)
    const changes = {
      state: isSame(this.#state, now) ? undefined : now,
      titles: this.#title === titles.newest ? undefined : titles.recent(),
    }
    this.#state = now
    this.#title = titles.newest
    return changes
  }

  #sendSoon(): void {
    if (this.#subscribers.size === 0) return
    this.#cancel ??= this.#clock.after(this.#sentAt + BETWEEN_MS - this.#clock.now(), this.#sendPlanned)
  }
}
