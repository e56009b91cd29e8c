import type { Stream } from '../../stream/stream.ts'
import type { PublishedState } from '../hub.ts'
import { announcementSubject, frameSubject, resendSubject } from '../subjects.ts'
import { Announcer } from './announcer.ts'
import { atMostEvery } from './at-most-every.ts'
import { KEPT_MS } from './kept-messages.ts'
import { MessageBatches } from './message-batches.ts'
import { MessageSender, type PublisherParts } from './message-sender.ts'

/** Minimum time between two repetitions of the last messages for edges, in milliseconds. */
const RESEND_EVERY_MS = 250
const NO_TOTALS = { messages: 0, frames: 0, bytes: 0, resent: 0, refused: 0 }

/**
 * Publishes the frames of a stream on a hub: all that enter its ring, so what listeners hear. It begins when the source is opened, as
 * it is at the start with `warm`; a stream that replaces another one does not open its source before the other has closed it. From
 * then on it holds the source open, because the listeners of edges are not known here.
 */
export class StreamPublisher {
  /** Name of the stream on the hub. */
  readonly name: string
  readonly #stream: Stream
  readonly #parts: PublisherParts
  readonly #unsubscribe: () => void
  /** Undefined until the source is opened. */
  #live: ReturnType<typeof publish> | undefined
  #hasEnded = false

  /** @param name of the stream on the hub */
  constructor(stream: Stream, name: string, parts: PublisherParts) {
    this.name = name
    this.#stream = stream
    this.#parts = parts
    this.#unsubscribe = stream.events.subscribe(({ kind }) => {
      if (kind.startsWith('source ')) this.#begin()
    })
    if (stream.sourceState.kind !== 'closed') this.#begin()
  }

  get state(): PublishedState {
    return { name: this.name, ...(this.#live?.sender.totals ?? NO_TOTALS) }
  }

  /**
   * Sends what waits; further calls do nothing.
   * @param isReplaced another publisher sends a stream of this name, so its end is not announced
   */
  end(isReplaced = false): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#unsubscribe()
    this.#live?.end(isReplaced)
  }

  #begin(): void {
    if (!this.#hasEnded) this.#live ??= publish(this.#stream, this.name, this.#parts)
  }
}

/** Publishes from the next frame on. */
function publish(stream: Stream, name: string, parts: PublisherParts) {
  const { link, origin, clock } = parts
  stream.log.info('hub publishing started', { name, origin })
  const sender = new MessageSender(stream, frameSubject(name, origin), parts)
  const announcer = new Announcer(stream, announcementSubject(name, origin), link, clock)
  const batches = new MessageBatches(stream, sender, announcer, parts)
  const resend = atMostEvery(RESEND_EVERY_MS, clock, () => sender.sendAgain())
  const release = stream.hold()
  const stopAnswering = link.subscribe(resendSubject(name), () => resend.request())
  const stopConnected = link.onConnected(() => {
    announcer.announce()
    // At the first connection, nothing was missed. A server that has stopped got messages until that was noticed.
    if (link.state.reconnects > 0) sender.sendAgain(KEPT_MS)
  })
  return {
    sender,
    end(isReplaced: boolean): void {
      batches.end()
      stopAnswering()
      stopConnected()
      resend.end()
      announcer.end(isReplaced)
      stream.log.info('hub publishing ended', { name, frames: sender.totals.frames })
      release()
    },
  }
}
