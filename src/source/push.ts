import type { Source, SourceConnection } from './source.ts'

/** The bytes of one publisher. */
export interface Feed {
  /**
   * Takes ownership of a chunk: its bytes must not change afterwards.
   * @returns false when enough bytes wait: the publisher's connection is to be read again only after `drained`.
   */
  push(chunk: Buffer): boolean
  /** Ends the feed. Bytes that wait are still read. */
  end(): void
}

/** Unread bytes of a feed above which its publisher waits: about 5 s of speech, longer than any pause of a reader. */
const MAX_WAITING_BYTES = 512 * 1024
/** Unread bytes at which a publisher that waits continues. */
const DRAINED_BYTES = MAX_WAITING_BYTES / 2
/** Memory that a chunk takes beside its bytes, so that many small chunks count as what they take. */
const CHUNK_COST_BYTES = 256
/** Feeds that may wait behind the one that is read. More are those of publishers that reconnect while nothing is read. */
const MAX_WAITING_FEEDS = 4

/**
 * A source whose bytes are pushed by publishers, such as a remote microphone. Each publisher's feed is one opening. When
 * opened, it waits for a publisher, as a FIFO waits for a writer.
 */
export class PushSource implements Source {
  readonly label: string
  readonly patient = true
  /** The feed that is read, and those behind it. */
  readonly #feeds: WaitingFeed[] = []
  #wake: (() => void) | undefined

  /** @param label name for the log. */
  constructor(label: string) {
    this.label = label
  }

  async open(signal: AbortSignal): Promise<SourceConnection> {
    const waitsFor = this.#feeds.length === 0 ? 'publisher' : undefined
    return { chunks: this.#chunksOf(signal), waitsFor, about: {} }
  }

  /**
   * Starts a feed, behind earlier feeds.
   * @param header beginning of the publisher's bytes.
   * @param drained called when the feed can take more, after `push` has returned false.
   */
  begin(header: Buffer, drained: () => void): Feed {
    const feed = new WaitingFeed(header, () => this.#wake?.(), drained)
    this.#feeds.push(feed)
    for (const old of this.#feeds.splice(1, this.#feeds.length - 1 - MAX_WAITING_FEEDS)) old.end()
    this.#wake?.()
    return feed
  }

  async *#chunksOf(signal: AbortSignal): AsyncGenerator<Buffer> {
    const wake = () => this.#wake?.()
    signal.addEventListener('abort', wake)
    let isRefused = true
    try {
      while (!signal.aborted) {
        const chunk = this.#feeds[0]?.take()
        if (chunk !== undefined) yield chunk
        else if (this.#feeds[0]?.isEnded) break
        else await new Promise<void>((resolve) => (this.#wake = resolve))
      }
      isRefused = false
    } finally {
      signal.removeEventListener('abort', wake)
      // The rest of a refused feed lacks its header, so no later opening could read it.
      if (isRefused) this.#feeds[0]?.end()
      if (this.#feeds[0]?.isEnded) this.#feeds.shift()
    }
  }
}

/** A feed whose bytes wait to be read. */
class WaitingFeed implements Feed {
  isEnded = false
  readonly #chunks: Buffer[]
  readonly #changed: () => void
  readonly #drained: () => void
  #waitingBytes = 0
  /** The publisher waits for `drained`. */
  #isFull = false

  constructor(header: Buffer, changed: () => void, drained: () => void) {
    this.#chunks = [header]
    this.#waitingBytes = costOf(header)
    this.#changed = changed
    this.#drained = drained
  }

  push(chunk: Buffer): boolean {
    if (this.isEnded) return true
    this.#chunks.push(chunk)
    this.#waitingBytes += costOf(chunk)
    this.#isFull ||= this.#waitingBytes > MAX_WAITING_BYTES
    this.#changed()
    return !this.#isFull
  }

  end(): void {
    this.isEnded = true
    this.#release()
    this.#changed()
  }

  /** Returns the next chunk; undefined when none waits. */
  take(): Buffer | undefined {
    const chunk = this.#chunks.shift()
    if (chunk !== undefined) this.#waitingBytes -= costOf(chunk)
    if (this.#waitingBytes <= DRAINED_BYTES) this.#release()
    return chunk
  }

  #release(): void {
    if (!this.#isFull) return
    this.#isFull = false
    this.#drained()
  }
}

function costOf(chunk: Buffer): number {
  return chunk.length + CHUNK_COST_BYTES
}
