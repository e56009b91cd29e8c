import type { Feed, FeedOwner, PushSource } from '../source/push.ts'
import { createQuietLimit, type QuietLimit } from '../source/supervise/quiet-limit.ts'
import type { Stream } from '../stream/stream.ts'
import type { Clock } from '../system/clock.ts'
import { formatDuration } from '../text/duration.ts'
import { type Publication, type Publisher, type PublishRefusal, REPLACED } from './publishing.ts'

/** Time without bytes after which a publisher loses its place to another one, in milliseconds. */
const YIELDS_AFTER_MS = 5_000

/**
 * The place of a stream's publisher. One publisher has it at a time; a newer one takes over when the present one is quiet or has
 * the same identity, which means that its connection is broken.
 */
export class PublisherPlace {
  readonly stream: Stream
  readonly #source: PushSource
  readonly #clock: Clock
  readonly #vacated: () => void
  #turn: Turn | undefined
  /** Identity of the last publisher. */
  #lastIdentity: string | undefined

  /** @param vacated called when the stream is without a publisher */
  constructor(stream: Stream, source: PushSource, clock: Clock, vacated: () => void = () => {}) {
    this.stream = stream
    this.#source = source
    this.#clock = clock
    this.#vacated = vacated
  }

  get publication(): Publication | undefined {
    return this.#turn
  }

  /** @param timeoutMs time without bytes after which the publisher is disconnected, in milliseconds; 0 disables it */
  publish(publisher: Publisher, timeoutMs: number): Publication | PublishRefusal {
    if (this.stream.isFinished) return 'there is no stream to publish at this path'
    const present = this.#turn
    if (present !== undefined) {
      const isSame = present.publisher.identity === publisher.identity
      if (!isSame && present.quietMs < YIELDS_AFTER_MS) return 'another publisher is on air'
      this.#turn = undefined
      present.end(REPLACED)
    }
    const turn = new Turn(this.stream, publisher, timeoutMs, this.#source, this.#clock, () => this.#left(turn))
    this.#turn = turn
    // The title of another publisher does not describe what this one sends.
    if (publisher.identity !== this.#lastIdentity) turn.setTitle('')
    this.#lastIdentity = publisher.identity
    // The source opens at once: listeners get sound without delay, and a publisher does not wait for a listener.
    this.stream.start()
    return turn
  }

  #left(turn: Turn): void {
    if (this.#turn !== turn) return
    this.#turn = undefined
    this.#vacated()
  }
}

/** A publisher's time on air, from its acceptance until it leaves or is disconnected. */
class Turn implements Publication, FeedOwner {
  readonly stream: Stream
  readonly publisher: Publisher
  readonly #feed: Feed
  readonly #quiet: QuietLimit
  readonly #left: () => void
  #isOver = false

  constructor(
    stream: Stream,
    publisher: Publisher,
    timeoutMs: number,
    source: PushSource,
    clock: Clock,
    left: () => void,
  ) {
    this.stream = stream
    this.publisher = publisher
    this.#left = left
    this.#feed = source.begin(this)
    const tooQuiet = () => this.end(`no bytes for ${formatDuration(timeoutMs)}`)
    this.#quiet = createQuietLimit(timeoutMs, clock, tooQuiet)
    const { name: client, user, agent } = publisher.peer
    stream.events.emit({ kind: 'publisher connected', client, user, agent })
  }

  get peer(): Publisher['peer'] {
    return this.publisher.peer
  }

  /** Time without bytes from the publisher while it is being read, in milliseconds. */
  get quietMs(): number {
    return this.#quiet.quietMs
  }

  push(chunk: Buffer): boolean {
    if (this.#isOver) return true
    this.#quiet.restart()
    const isTaken = this.#feed.push(chunk)
    if (!isTaken) this.#quiet.suspend()
    return isTaken
  }

  setTitle(title: string): void {
    this.#feed.setTitle(title)
  }

  leave(reason = 'disconnected'): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#quiet.stop()
    this.#feed.end()
    const { name: client, user, agent } = this.publisher.peer
    this.stream.events.emit({ kind: 'publisher disconnected', client, user, agent, reason })
    this.#left()
  }

  /** Disconnects the publisher. */
  end(reason: string): void {
    if (this.#isOver) return
    this.leave(reason)
    this.publisher.ended(reason)
  }

  ended(reason: string): void {
    this.end(reason)
  }

  drained(): void {
    if (!this.#isOver) this.#quiet.restart()
    this.publisher.drained()
  }
}
