import { createPushSource, type Feed, type PushSource } from '../source/push.ts'
import type { Source } from '../source/source.ts'
import type { Clock } from '../system/clock.ts'
import type { Station } from './station.ts'
import type { Stream } from './stream.ts'

/** Somebody who would like to be heard. */
export interface Speaker {
  /** Who says the same again takes the place that they had: their first connection may be dead without knowing. */
  readonly me: string
  /** Their place is somebody else's now: they are here again. */
  giveWay(): void
}

/** Somebody who is heard. */
export interface OnAir {
  readonly stream: Stream
  readonly feed: Feed
  /** The stream waits for the next speaker. */
  leave(): void
}

/** Why somebody cannot be heard. */
export type NoAir = 'somebody else is on air' | 'a stream of another kind is there' | 'too many streams'

/** A station of streams that speakers make: one is there from the first word on, until nobody has spoken for long. */
export interface LiveStreams extends Station {
  /** @param path of the stream @param header what the speaker's bytes begin with */
  goOnAir(path: string, header: Buffer, speaker: Speaker): Promise<OnAir | NoAir>
}

/** After the last word a stream is kept for so long, in milliseconds, and longer as long as anybody waits for the next one. */
const KEEP_MS = 600_000
const MAX_STREAMS = 32

interface LiveStream {
  readonly stream: Stream
  readonly source: PushSource
  speaker: Speaker | undefined
  feed: Feed | undefined
  forget: () => void
}

/** @param others the streams that have their paths by themselves @param create makes a stream of what a speaker gives */
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
    // Listeners hear it at once, and nobody's word waits for one.
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
