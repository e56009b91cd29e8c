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

/** A station of published streams: each exists from its first publisher until it has been without one for `KEEP_MS`. */
export interface PublishedStreams extends Station {
  /** @param path of the stream @param header beginning of the publisher's bytes */
  publish(path: string, header: Buffer, publisher: Publisher): Promise<Publication | PublishRefusal>
}

/** Time for which a stream without a publisher is kept, in milliseconds; it is extended while there are listeners. */
const KEEP_MS = 600_000
const MAX_STREAMS = 32

interface PublishedStream {
  readonly stream: Stream
  readonly source: PushSource
  publisher: Publisher | undefined
  feed: Feed | undefined
  forget: () => void
}

/** @param others station of the streams that are not published @param create makes a stream of a publisher's source */
export function createPublishedStreams(
  others: Station,
  create: (path: string, source: Source) => Stream,
  clock: Clock,
): PublishedStreams {
  const known = new Map<string, PublishedStream>()

  function streamAt(path: string): PublishedStream | undefined {
    const there = known.get(path)
    if (there !== undefined || known.size >= MAX_STREAMS) return there
    const source = new PushSource('a browser')
    const made = { stream: create(path, source), source, publisher: undefined, feed: undefined, forget: () => {} }
    known.set(path, made)
    // The source opens at once: listeners get sound without delay, and a publisher does not wait for a listener.
    made.stream.start()
    return made
  }

  function vacate(live: PublishedStream): void {
    live.feed?.end()
    live.publisher = undefined
    live.feed = undefined
    live.forget()
  }

  function forgetLater(path: string, live: PublishedStream): void {
    live.forget = clock.after(KEEP_MS, () => {
      if (live.stream.listeners > 0) return forgetLater(path, live)
      known.delete(path)
      void live.stream.stop('no publisher for 10 min')
      live.stream.finish(undefined)
    })
  }

  return {
    find: async (path) => known.get(path)?.stream,
    *streams() {
      for (const { stream } of known.values()) yield stream
    },
    async publish(path, header, publisher) {
      if ((await others.find(path)) !== undefined) return 'another stream has this path'
      const live = streamAt(path)
      if (live === undefined) return 'too many streams'
      if (live.publisher !== undefined && live.publisher.me !== publisher.me) return 'another publisher is on air'
      live.publisher?.replaced()
      vacate(live)
      const feed = live.source.begin(header, () => publisher.drained())
      live.publisher = publisher
      live.feed = feed
      return {
        stream: live.stream,
        feed,
        leave() {
          if (live.publisher !== publisher) return
          vacate(live)
          forgetLater(path, live)
        },
      }
    },
  }
}
