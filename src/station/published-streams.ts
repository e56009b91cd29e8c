import { type Feed, PushSource } from '../source/push.ts'
import type { Source } from '../source/source.ts'
import type { Stream } from '../stream/stream.ts'
import type { Clock } from '../system/clock.ts'
import type { Station } from './station.ts'

/** A publisher that asks to send sound. */
export interface Publisher {
  /**
   * Identity: a connection with the same one replaces the publisher's earlier connection, which may be dead without knowing it.
   */
  readonly me: string
  /** Called when a newer connection of the same publisher replaces this one. */
  replaced(): void
  /** Called when the feed can take more, after a push that has returned false. */
  drained(): void
}

/** A publisher that is on air. */
export interface Publication {
  readonly stream: Stream
  readonly feed: Feed
  /** Leaves the stream, which then waits for the next publisher. */
  leave(): void
}

/** Why a publisher is rejected. */
export type PublishRefusal = 'another publisher is on air' | 'another stream has this path' | 'too many streams'

/** Time for which a stream without a publisher is kept, in milliseconds; it is extended while there are listeners. */
const KEEP_MS = 600_000
const MAX_STREAMS = 32

/** A published stream, and its present publisher. */
class PublishedStream {
  readonly stream: Stream
  readonly #source: PushSource
  publisher: Publisher | undefined
  #feed: Feed | undefined
  #cancelRemoval: (() => void) | undefined

  constructor(stream: Stream, source: PushSource) {
    this.stream = stream
    this.#source = source
  }

  /** Replaces the publisher. @param header beginning of its bytes */
  begin(publisher: Publisher, header: Buffer): Feed {
    this.publisher?.replaced()
    this.vacate()
    const feed = this.#source.begin(header, () => publisher.drained())
    this.publisher = publisher
    this.#feed = feed
    return feed
  }

  vacate(): void {
    this.#feed?.end()
    this.publisher = undefined
    this.#feed = undefined
    this.#cancelRemoval?.()
  }

  /** Calls `remove` after `KEEP_MS` without a publisher, as soon as the stream has no listeners. */
  removeLater(clock: Clock, remove: () => void): void {
    this.#cancelRemoval = clock.after(KEEP_MS, () => {
      if (this.stream.listeners > 0) this.removeLater(clock, remove)
      else remove()
    })
  }
}

/** A station of published streams: each exists from its first publisher until it has been without one for `KEEP_MS`. */
export class PublishedStreams implements Station {
  readonly #others: Station
  readonly #create: (path: string, source: Source) => Stream
  readonly #clock: Clock
  readonly #known = new Map<string, PublishedStream>()

  /** @param others station of the streams that are not published @param create makes a stream of a publisher's source */
  constructor(others: Station, create: (path: string, source: Source) => Stream, clock: Clock) {
    this.#others = others
    this.#create = create
    this.#clock = clock
  }

  async find(path: string): Promise<Stream | undefined> {
    return this.#known.get(path)?.stream
  }

  *streams(): Iterable<Stream> {
    for (const { stream } of this.#known.values()) yield stream
  }

  /** @param path of the stream @param header beginning of the publisher's bytes */
  async publish(path: string, header: Buffer, publisher: Publisher): Promise<Publication | PublishRefusal> {
    if ((await this.#others.find(path)) !== undefined) return 'another stream has this path'
    const published = this.#at(path)
    if (published === undefined) return 'too many streams'
    const { publisher: present, stream } = published
    if (present !== undefined && present.me !== publisher.me) return 'another publisher is on air'
    const feed = published.begin(publisher, header)
    return { stream, feed, leave: () => this.#leave(path, published, publisher) }
  }

  /** Returns the stream at a path, a new one if there is none; undefined when there are too many. */
  #at(path: string): PublishedStream | undefined {
    const known = this.#known.get(path)
    if (known !== undefined || this.#known.size >= MAX_STREAMS) return known
    const source = new PushSource('a browser')
    const made = new PublishedStream(this.#create(path, source), source)
    this.#known.set(path, made)
    // The source opens at once: listeners get sound without delay, and a publisher does not wait for a listener.
    made.stream.start()
    return made
  }

  #leave(path: string, published: PublishedStream, publisher: Publisher): void {
    if (published.publisher !== publisher) return
    published.vacate()
    published.removeLater(this.#clock, () => {
      this.#known.delete(path)
      void published.stream.stop('no publisher for 10 min')
      published.stream.finish(undefined)
    })
  }
}
