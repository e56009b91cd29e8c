import type { Stream } from '../stream/stream.ts'
import { CountsOfThread, createCounts } from './counts.ts'
import type { FoundStream, StreamUpdate } from './messages.ts'
import type { StreamExport, Subscriber } from './stream-export.ts'
import { replicaSize } from './update-parts.ts'

/** A stream that one thread delivers. Its listeners there are listeners of the stream. */
interface Subscription {
  readonly stream: Stream
  listenerCame(): void
  listenerLeft(): void
}

/** All streams that one thread delivers. */
export interface Subscriptions {
  /** Subscribes the thread, unless it is subscribed. @returns the message for the thread. */
  to(stream: Stream): FoundStream
  get(id: number): Subscription | undefined
  listeners(stream: Stream): number
  /** Removes all listeners of a thread that has ended. */
  giveUp(): void
}

/** @param post posts new frames and state to the thread. */
export function createSubscriptions(
  exportOf: (stream: Stream) => StreamExport,
  post: (news: StreamUpdate) => void,
): Subscriptions {
  const known = new Map<number, ReturnType<typeof subscribe>>()
  /** Removes streams that have been replaced: they do not return. */
  function forgetOthersAt(path: string): void {
    for (const [id, subscription] of known) {
      if (subscription.stream.path !== path || subscription.listeners() > 0) continue
      subscription.end()
      known.delete(id)
    }
  }

  return {
    to(stream) {
      const streamExport = exportOf(stream)
      const { id } = streamExport
      if (known.has(id)) return { id, whole: undefined }
      const subscription = subscribe(streamExport, (news) => {
        post(news)
        if (news.event === 'finished') known.get(id)?.end()
      })
      forgetOthersAt(stream.path)
      known.set(id, subscription)
      const { counts, whole: news } = subscription
      return { id, whole: { size: replicaSize(stream), news, counts } }
    },
    get: (id) => known.get(id),
    listeners: (stream) => known.get(exportOf(stream).id)?.listeners() ?? 0,
    giveUp() {
      for (const subscription of known.values()) {
        subscription.end()
        while (subscription.listeners() > 0) subscription.listenerLeft()
      }
      known.clear()
    },
  }
}

function subscribe(streamExport: StreamExport, post: (news: StreamUpdate) => void) {
  const { stream } = streamExport
  const counts = createCounts()
  const ofThread = new CountsOfThread(counts)
  let listeners = 0
  const count = () => ofThread.addTo(stream.counters)
  const subscriber: Subscriber = { take: post, count }
  return {
    stream,
    counts,
    whole: streamExport.add(subscriber),
    listeners: () => listeners,
    listenerCame() {
      listeners++
      stream.listenerCame()
    },
    listenerLeft() {
      count()
      listeners--
      stream.listenerLeft()
    },
    end() {
      count()
      streamExport.remove(subscriber)
    },
  }
}
