import type { Stream } from '../stream/stream.ts'
import type { EventOfStream, ListenerConnected } from '../stream/stream-event.ts'
import type { Clock } from '../system/clock.ts'
import type { Emitter } from '../system/emitter.ts'

/** A listener that is connected. */
export interface ListedListener extends ListenerConnected {
  /** Time at which it connected, in milliseconds of the clock. */
  readonly since: number
}

/** The listeners of all streams and threads, made from the events of the streams. */
export class ListenerList {
  readonly #clock: Clock
  readonly #ofStreams = new WeakMap<Stream, Map<number, ListedListener>>()
  /** Streams of the listeners. */
  readonly #streams = new Map<number, Stream>()

  constructor(events: Pick<Emitter<EventOfStream>, 'subscribe'>, clock: Clock) {
    this.#clock = clock
    events.subscribe(({ stream, event }) => {
      if (event.kind === 'listener connected') this.#add(stream, event)
      else if (event.kind === 'listener disconnected') this.#remove(stream, event.id)
      else if (event.kind === 'listeners lost') this.#removeThose(stream, event.thread)
    })
  }

  /** Returns the listeners of a stream, in the order in which they connected. */
  of(stream: Stream): readonly ListedListener[] {
    return [...(this.#ofStreams.get(stream)?.values() ?? [])]
  }

  /** @returns undefined: the stream has no such listener */
  find(stream: Stream, id: number): ListedListener | undefined {
    return this.#ofStreams.get(stream)?.get(id)
  }

  #add(stream: Stream, listener: ListenerConnected): void {
    const { id } = listener
    const before = this.#streams.get(id)
    // One that was moved connects to the other stream before it disconnects from its own.
    const known = before && this.find(before, id)
    const added = known ?? { ...listener, since: this.#clock.now() }
    const all = this.#ofStreams.get(stream) ?? new Map<number, ListedListener>()
    this.#ofStreams.set(stream, all.set(id, added))
    this.#streams.set(id, stream)
  }

  #removeThose(stream: Stream, ofThread: number): void {
    for (const { id, thread } of this.of(stream)) if (thread === ofThread) this.#remove(stream, id)
  }

  #remove(stream: Stream, id: number): void {
    this.#ofStreams.get(stream)?.delete(id)
    if (this.#streams.get(id) === stream) this.#streams.delete(id)
  }
}
