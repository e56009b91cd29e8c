import { NewTitle } from './new-title.ts'
import type { Source, SourceConnection, SourcePeer } from './source.ts'

/** Sender of a feed. */
export interface FeedOwner {
  readonly peer: SourcePeer
  /** Called when the feed can take more, after a `push` that has returned false. */
  drained(): void
  /** Called when nothing more is read of the feed, although its owner has not ended it. @param reason in one line */
  ended(reason: string): void
}

/** The bytes of one publisher. */
export interface Feed {
  /**
   * Takes ownership of a chunk: its bytes must not change afterwards.
   * @returns false when enough bytes wait: the publisher's connection is to be read again only after `drained`.
   */
  push(chunk: Buffer): boolean
  /** Sets the title of the bytes that follow, in one line. */
  setTitle(title: string): void
  /** Ends the feed. Bytes that wait are still read. */
  end(): void
}

/** Unread bytes of a feed above which its publisher waits: about 5 s of speech, longer than any pause of a reader. */
const MAX_WAITING_BYTES = 512 * 1024
/** Unread bytes at which a publisher that waits continues. */
const DRAINED_BYTES = MAX_WAITING_BYTES / 2
/**
 * Maximum bytes that are read at a time: the reader checks the lead of a publisher after each chunk, and a chunk of a socket can
 * contain many seconds.
 */
const MAX_CHUNK_BYTES = 4096
/** Memory that a chunk takes beside its bytes, so that many small chunks count as what they take. */
const CHUNK_COST_BYTES = 256
/** Feeds that may wait behind the one that is read. More are those of publishers that reconnect while nothing is read. */
const MAX_WAITING_FEEDS = 4

/**
 * A source whose bytes are pushed by publishers: programs, or the microphones of browsers. Each publisher's feed is one opening.
 * When opened, it waits for a publisher, as a FIFO waits for a writer.
 *
 * ```
 *   #feeds  [read now][waits][waits]     a feed leaves the row when its opening ends
 * ```
 */
export class PushSource implements Source {
  readonly label: string
  readonly patient = true
  /** A publisher may be 10 s ahead: as much as most players buffer, and as the ring keeps. */
  readonly maxLeadMs = 10_000
  /** The feed that is read, and those behind it. */
  readonly #feeds: WaitingFeed[] = []
  #wake: (() => void) | undefined
  /** A feed whose reading has ended before its end; its owner is not notified yet. */
  #dropped: WaitingFeed | undefined

  /** @param label name for the log. */
  constructor(label: string) {
    this.label = label
  }

  async open(signal: AbortSignal): Promise<SourceConnection> {
    const peerOf = () => this.#feeds[0]?.owner.peer
    return {
      chunks: this.#chunksOf(signal),
      waitsFor: this.#feeds[0]?.hasBytes === true ? undefined : 'publisher',
      about: {},
      takeTitle: () => this.#feeds[0]?.takeTitle(),
      get peer() {
        return peerOf()
      },
      closed: (reason) => this.#notify(reason),
    }
  }

  /** Ends the feeds that no opening has read. */
  release(): void {
    for (const feed of this.#feeds.splice(0)) {
      if (feed.isEnded) continue
      feed.end()
      feed.owner.ended('the stream is closed')
    }
  }

  /** Starts a feed, behind earlier feeds. */
  begin(owner: FeedOwner): Feed {
    const feed = new WaitingFeed(owner, () => this.#wake?.())
    this.#feeds.push(feed)
    for (const old of this.#feeds.splice(1, this.#feeds.length - 1 - MAX_WAITING_FEEDS)) old.end()
    this.#wake?.()
    return feed
  }

  async *#chunksOf(signal: AbortSignal): AsyncGenerator<Buffer> {
    const wake = () => this.#wake?.()
    signal.addEventListener('abort', wake)
    try {
      while (!signal.aborted) {
        const feed = this.#feeds[0]
        const chunk = feed?.take()
        if (chunk !== undefined) yield* partsOf(chunk)
        else if (feed?.isEnded !== true) await new Promise<void>((resolve) => (this.#wake = resolve))
        else if (feed.isBegun) break
        // Its publisher has left without a byte.
        else this.#feeds.shift()
      }
    } finally {
      signal.removeEventListener('abort', wake)
      if (this.#feeds[0]?.isBegun === true) this.#leave(this.#feeds[0])
    }
  }

  /** Removes the feed that was read. What is left of it lacks its beginning, so no later opening could read it. */
  #leave(feed: WaitingFeed): void {
    this.#feeds.shift()
    if (feed.isEnded) return
    feed.end()
    this.#dropped = feed
  }

  #notify(reason: string): void {
    this.#dropped?.owner.ended(reason)
    this.#dropped = undefined
  }
}

function* partsOf(chunk: Buffer): Generator<Buffer> {
  for (let at = 0; at < chunk.length; at += MAX_CHUNK_BYTES) yield chunk.subarray(at, at + MAX_CHUNK_BYTES)
}

/** A chunk that waits, and the title that is valid from it on; undefined: the title has not changed. */
interface Piece {
  readonly chunk: Buffer
  readonly title: string | undefined
}

/** A feed whose bytes wait to be read. */
class WaitingFeed implements Feed {
  readonly owner: FeedOwner
  isEnded = false
  /** Its first chunk has been read. */
  isBegun = false
  readonly #pieces: Piece[] = []
  readonly #changed: () => void
  #waitingBytes = 0
  /** Title of the chunks to come, and that of the last chunk read; undefined: it has not changed. */
  #nextTitle: string | undefined
  readonly #title = new NewTitle()
  /** The publisher waits for `drained`. */
  #isFull = false

  constructor(owner: FeedOwner, changed: () => void) {
    this.owner = owner
    this.#changed = changed
  }

  get hasBytes(): boolean {
    return this.#pieces.length > 0
  }

  push(chunk: Buffer): boolean {
    if (this.isEnded) return true
    this.#pieces.push({ chunk, title: this.#nextTitle })
    this.#nextTitle = undefined
    this.#waitingBytes += costOf(chunk)
    this.#isFull ||= this.#waitingBytes > MAX_WAITING_BYTES
    this.#changed()
    return !this.#isFull
  }

  setTitle(title: string): void {
    this.#nextTitle = title
  }

  end(): void {
    this.isEnded = true
    this.#release()
    this.#changed()
  }

  /** Returns the next chunk; undefined when none waits. */
  take(): Buffer | undefined {
    const piece = this.#pieces.shift()
    if (piece === undefined) return undefined
    this.isBegun = true
    this.#title.set(piece.title)
    this.#waitingBytes -= costOf(piece.chunk)
    if (this.#waitingBytes <= DRAINED_BYTES) this.#release()
    return piece.chunk
  }

  /** Returns the title from the last chunk on, once. */
  takeTitle(): string | undefined {
    return this.#title.take()
  }

  #release(): void {
    if (!this.#isFull) return
    this.#isFull = false
    this.owner.drained()
  }
}

function costOf(chunk: Buffer): number {
  return chunk.length + CHUNK_COST_BYTES
}
