import { randomBytes } from 'node:crypto'
import type { JetStreamManager } from '@nats-io/jetstream'
import { createInbox, type Msg, type NatsConnection, nanos, type Subscription } from '@nats-io/transport-node'
import type { HubDelivery } from '../hub-link.ts'
import { LIVE_STREAM, liveStream } from './live-stream.ts'

/** Limits of one answer: frames of 10 s of two origins at 1.4 Mbit/s have 3.5 MB. */
const MAX_MESSAGES = 4_000
const MAX_BYTES = 8 * 2 ** 20
/** Time after which the server removes a consumer whose program is gone, in milliseconds. */
const UNUSED_MS = 5_000

/**
 * One reading of the kept messages of a subject. The consumer pushes them, so that its user needs no further permission than to
 * create and to delete it.
 */
export class HistoryReading {
  readonly #connection: NatsConnection
  readonly #manager: JetStreamManager
  readonly #consumer = `ss-${randomBytes(8).toString('hex')}`
  readonly #inbox = createInbox()
  readonly #subscription: Subscription
  readonly #messages: HubDelivery[] = []
  readonly #isComplete: Promise<void>
  #complete: () => void = () => undefined
  #isEnded = false
  #bytes = 0
  #total = MAX_MESSAGES
  #isCreated = false
  /** Resolves once all messages have arrived; rejects when JetStream refuses. */
  readonly done: Promise<void>

  /** @param ms age of the oldest message */
  constructor(connection: NatsConnection, manager: JetStreamManager, subject: string, ms: number) {
    this.#connection = connection
    this.#manager = manager
    this.#isComplete = new Promise((resolve) => {
      this.#complete = resolve
    })
    this.#subscription = connection.subscribe(this.#inbox, {
      callback: (error, message) => {
        if (error === null) this.#add(message)
        else this.#complete()
      },
    })
    this.done = this.#request(subject, ms)
  }

  /** Ends it, and removes the consumer. @returns what has arrived, oldest first */
  end(): readonly HubDelivery[] {
    this.#isEnded = true
    this.#subscription.unsubscribe()
    this.#complete()
    void this.#remove()
    return this.#messages
  }

  async #request(subject: string, ms: number): Promise<void> {
    const info = await liveStream(this.#manager)
    const last = Date.parse(info?.state.last_ts ?? '')
    if (info === undefined || info.state.messages === 0 || Number.isNaN(last)) return
    if (this.#isEnded) return
    this.#isCreated = true
    const consumer = await this.#manager.consumers.add(LIVE_STREAM, {
      name: this.#consumer,
      deliver_subject: this.#inbox,
      deliver_policy: 'by_start_time',
      // By the clock of the server: that of this machine may be wrong.
      opt_start_time: new Date(last - ms).toISOString(),
      ack_policy: 'none',
      replay_policy: 'instant',
      filter_subject: subject,
      inactive_threshold: nanos(UNUSED_MS),
      mem_storage: true,
      num_replicas: 1,
    })
    this.#total = Math.min(MAX_MESSAGES, consumer.num_pending + consumer.delivered.consumer_seq)
    this.#check()
    await this.#isComplete
  }

  #add(message: Msg): void {
    if (!isFrames(message)) return
    this.#messages.push(deliveryOf(message))
    this.#bytes += message.data.length
    this.#check()
  }

  #check(): void {
    if (this.#messages.length >= this.#total || this.#bytes >= MAX_BYTES) this.#complete()
  }

  async #remove(): Promise<void> {
    try {
      await this.done
    } catch {
      // The reader reports it.
    }
    if (!this.#isCreated || this.#connection.isClosed()) return
    try {
      await this.#manager.consumers.delete(LIVE_STREAM, this.#consumer)
    } catch {
      // The server removes it, because it is not used.
    }
  }
}

/** Messages of JetStream about the consumer itself have a status. */
function isFrames({ headers, subject }: Msg): boolean {
  return (headers?.code ?? 0) === 0 && subject.startsWith('ss.')
}

/** A message as the rest of the program knows it. Its bytes are not copied: the client uses no memory twice. */
export function deliveryOf({ subject, data }: Msg): HubDelivery {
  return { subject, payload: Buffer.from(data.buffer, data.byteOffset, data.byteLength) }
}
