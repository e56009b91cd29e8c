import type { Source } from './source.ts'

/** A source that somebody feeds from outside, as with a microphone far away. They come and go; an opening is what one of them gives. */
export interface PushSource extends Source {
  /** Somebody begins, behind whoever was feeding it. @param header what their bytes begin with */
  begin(header: Buffer): Feed
}

/** What one of them gives. */
export interface Feed {
  /** Takes a chunk over: its bytes never change any more. */
  push(chunk: Buffer): void
  /** Nothing more comes. */
  end(): void
  /** What nobody read in time; the newest is kept. */
  readonly droppedBytes: number
}

/** So much waits to be read at most, in bytes: about 5 s of speech, longer than any reader rests. */
const MAX_WAITING_BYTES = 512 * 1024

/** Makes one. Opened, it waits for somebody to begin, as a FIFO waits for a writer. @param label what it is, for the log */
export function createPushSource(label: string): PushSource {
  /** The one that is read, and who began behind it. */
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
      // The rest of a refused feed lacks its header, so that no later opening could read it.
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
