import type { Source } from './source.ts'

/** A source whose bytes are pushed by publishers, such as a remote microphone. Each publisher's feed is one opening. */
export interface PushSource extends Source {
  /** Starts a feed, queued after earlier feeds. @param header beginning of the publisher's bytes */
  begin(header: Buffer): Feed
}

/** The bytes of one publisher. */
export interface Feed {
  /** Takes ownership of a chunk: its bytes must not change afterwards. */
  push(chunk: Buffer): void
  /** Ends the feed. */
  end(): void
  /** Bytes dropped because they were not read in time; the newest are kept. */
  readonly droppedBytes: number
}

/** Maximum number of unread bytes: about 5 s of speech, longer than any pause of a reader. */
const MAX_WAITING_BYTES = 512 * 1024

/** Makes a push source. When opened, it waits for a publisher, as a FIFO waits for a writer. @param label name for the log */
export function createPushSource(label: string): PushSource {
  /** The feed that is being read, and those queued after it. */
  const feeds: FeedQueue[] = []
  let wake: (() => void) | undefined
  const changed = () => wake?.()

  async function* chunksOf(signal: AbortSignal): AsyncGenerator<Buffer> {
    signal.addEventListener('abort', changed)
    let isRefused = true
    try {
      while (!signal.aborted) {
        const chunk = feeds[0]?.take()
        if (chunk !== undefined) yield chunk
        else if (feeds[0]?.isEnded) break
        else await new Promise<void>((resolve) => (wake = resolve))
      }
      isRefused = false
    } finally {
      signal.removeEventListener('abort', changed)
      // The rest of a refused feed lacks its header, so no later opening could read it.
      if (isRefused) feeds[0]?.end()
      if (feeds[0]?.isEnded) feeds.shift()
    }
  }

  return {
    label,
    patient: true,
    open: async (signal) => ({
      chunks: chunksOf(signal),
      waitsFor: feeds.length === 0 ? 'a publisher' : undefined,
      about: {},
    }),
    begin(header) {
      const feed = createFeed(header, changed)
      feeds.push(feed)
      changed()
      return feed
    },
  }
}

interface FeedQueue extends Feed {
  take(): Buffer | undefined
  readonly isEnded: boolean
}

function createFeed(header: Buffer, changed: () => void): FeedQueue {
  const waiting: Buffer[] = []
  let first: Buffer | undefined = header
  let waitingBytes = 0
  let droppedBytes = 0
  let isEnded = false
  return {
    get droppedBytes() {
      return droppedBytes
    },
    get isEnded() {
      return isEnded
    },
    push(chunk) {
      if (isEnded) return
      waiting.push(chunk)
      waitingBytes += chunk.length
      while (waitingBytes > MAX_WAITING_BYTES) {
        const { length = 0 } = waiting.shift() ?? {}
        waitingBytes -= length
        droppedBytes += length
      }
      changed()
    },
    end() {
      isEnded = true
      changed()
    },
    take() {
      const beginning = first
      first = undefined
      if (beginning !== undefined) return beginning
      const next = waiting.shift()
      waitingBytes -= next?.length ?? 0
      return next
    },
  }
}
