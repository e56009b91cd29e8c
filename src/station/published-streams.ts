import { createPushSource, type Feed, type PushSource } from '../source/push.ts'
import type { Source } from '../source/source.ts'
import type { Stream } from '../stream/stream.ts'
import type { Clock } from '../system/clock.ts'
import type { Station } from './station.ts'

/** A publisher that asks to send sound. */
export interface Speaker {
  /**
   * Identity: a connection with the same one replaces the publisher's earlier connection, which may be dead without knowing it.
   */
  readonly me: string
  /** Called when a newer connection of the same publisher replaces this one. */
  giveWay(): void
}

/** A publisher that is on air. */
export interface OnAir {
  readonly stream: Stream
  readonly feed: Feed
  /** Leaves the stream, which then waits for the next publisher. */
  leave(): void
}

/** Why a publisher is rejected. */
export type NoAir = 'somebody else is on air' | 'a stream of another kind is there' | 'too many streams'

/** A station of published streams: each exists from its first publisher until it has been without one for `KEEP_MS`. */
export interface LiveStreams extends Station {
  /** @param path of the stream @param header beginning of the publisher's bytes */
  goOnAir(path: string, header: Buffer, speaker: Speaker): Promise<OnAir | NoAir>
}

/** Time for which a stream without a publisher is kept, in milliseconds; it is extended while there are listeners. */
const KEEP_MS = 600_000
const MAX_STREAMS = 32

interface LiveStream {
  readonly stream: Stream
  readonly source: PushSource
  speaker: Speaker | undefined
  feed: Feed | undefined
  forget: () => void
}

/** @param others station of the streams that are not published @param create makes a stream of a publisher's source */
export function createLiveStreams(
  others: Station,
  create: (path: string, source: Source) => Stream,
  clock: Clock,
): LiveStreams {
  const known = new Map<string, LiveStream>()

  function streamAt(path: string): LiveStream | undefined {
    const there = known.get(path)
    if (there !== undefined || known.size >= MAX_STREAMS) return there
    const source = createPushSource('a browser')
    const made = { stream: create(path, source), source, speaker: undefined, feed: undefined, forget: () => {} }
    known.set(path, made)
    // The source opens at once: listeners get sound without delay, and a publisher does not wait for a listener.
    made.stream.start()
    return made
  }

  function vacate(live: LiveStream): void {
    live.feed?.end()
    live.speaker = undefined
    live.feed = undefined
    live.forget()
  }

  function forgetLater(path: string, live: LiveStream): void {
    live.forget = clock.after(KEEP_MS, () => {
      if (live.stream.listeners > 0) return forgetLater(path, live)
      known.delete(path)
      void live.stream.stop('nobody has spoken for long')
      live.stream.finish(undefined)
    })
  }

  return {
    find: async (path) => known.get(path)?.stream,
    *streams() {
      for (const { stream } of known.values()) yield stream
    },
    async goOnAir(path, header, speaker) {
      if ((await others.find(path)) !== undefined) return 'a stream of another kind is there'
      const live = streamAt(path)
      if (live === undefined) return 'too many streams'
      if (live.speaker !== undefined && live.speaker.me !== speaker.me) return 'somebody else is on air'
      live.speaker?.giveWay()
      vacate(live)
      const feed = live.source.begin(header)
      live.speaker = speaker
      live.feed = feed
      return {
        stream: live.stream,
        feed,
        leave() {
          if (live.speaker !== speaker) return
          vacate(live)
          forgetLater(path, live)
        },
      }
    },
  }
}
