import { randomBytes } from 'node:crypto'
import type { ConsumerInfo, JetStreamManager, StreamInfo } from '@nats-io/jetstream'
import { createInbox, type Msg, type NatsConnection, nanos, type Subscription } from '@nats-io/transport-node'
import type { HubDelivery } from '../hub-link.ts'
import { LIVE_STREAM, liveStream } from './live-stream.ts'

/** Messages of one request, of which the next is sent when half of them have arrived: a slow network is not filled with the past. */
const BATCH = 512
/** Time after which the server drops a request, in milliseconds. */
const EXPIRES_MS = 2_000
/** Time after which it removes a consumer whose program is gone, in milliseconds. */
const UNUSED_MS = 5_000

/** What is to be read. */
export interface ReadingOptions {
  /** Subject of the messages; it may have wildcards. */
  readonly filter: string
  /** Age of the oldest message, in milliseconds. */
  readonly ms: number
  /** Most bytes, by the mean of all streams, for which it begins later; undefined: all are read. */
  readonly maxBytes?: number
  /** Takes a message, in order. @returns false: no more is wanted */
  readonly take: (delivery: HubDelivery) => boolean
}

/** One reading of kept messages, by a consumer of its own. */
export class HistoryReading {
  readonly #connection: NatsConnection
  readonly #manager: JetStreamManager
  readonly #take: (delivery: HubDelivery) => boolean
  readonly #consumer = `ss-${randomBytes(8).toString('hex')}`
  readonly #inbox = createInbox()
  readonly #subscription: Subscription
  readonly #isComplete: Promise<void>
  #complete: () => void = () => undefined
  #isEnded = false
  #isCreated = false
  /** Messages that are to come, and those of them that were requested. */
  #left = 0
  #requested = 0
  #hasAll = false
  /** Resolves once all messages have arrived; rejects when JetStream refuses. */
  readonly done: Promise<void>

  constructor(connection: NatsConnection, manager: JetStreamManager, options: ReadingOptions) {
    this.#connection = connection
    this.#manager = manager
    this.#take = options.take
    this.#isComplete = new Promise((resolve) => {
      this.#complete = resolve
    })
    this.#subscription = connection.subscribe(this.#inbox, {
      callback: (error, message) => {
        if (error === null) this.#add(message)
        else this.#complete()
      },
    })
    this.done = this.#read(options)
  }

  /** Ends it, and removes the consumer. */
  end(): void {
    this.#isEnded = true
    this.#subscription.unsubscribe()
    this.#complete()
    void this.#remove()
  }

  /** All messages have arrived. */
  get hasAll(): boolean {
    return this.#hasAll
  }

  async #read({ filter, ms, maxBytes }: ReadingOptions): Promise<void> {
    const info = await liveStream(this.#manager)
    const last = Date.parse(info?.state.last_ts ?? '')
    if (info === undefined || info.state.messages === 0 || Number.isNaN(last) || this.#isEnded) return
    const ageMs = maxBytes === undefined ? ms : Math.min(ms, timeOf(maxBytes, info))
    this.#isCreated = true
    // By the clock of the server: that of this machine may be wrong.
    const { num_pending: count } = await this.#create(filter, new Date(last - ageMs))
    this.#left = count
    if (count === 0) return
    this.#request()
    await this.#isComplete
  }

  #create(filter: string, since: Date): Promise<ConsumerInfo> {
    return this.#manager.consumers.add(LIVE_STREAM, {
      name: this.#consumer,
      deliver_policy: 'by_start_time',
      opt_start_time: since.toISOString(),
      ack_policy: 'none',
      replay_policy: 'instant',
      filter_subject: filter,
      inactive_threshold: nanos(UNUSED_MS),
      mem_storage: true,
      num_replicas: 1,
    })
  }

  #request(): void {
    if (this.#requested > BATCH / 2 || this.#requested >= this.#left || this.#connection.isClosed()) return
    const batch = Math.min(BATCH, this.#left - this.#requested)
    this.#requested += batch
    const payload = JSON.stringify({ batch, expires: nanos(EXPIRES_MS) })
    this.#connection.publish(`$JS.API.CONSUMER.MSG.NEXT.${LIVE_STREAM}.${this.#consumer}`, payload, {
      reply: this.#inbox,
    })
  }

  #add(message: Msg): void {
    // A status in place of a message: the rest of a request does not come, because messages have become too old meanwhile.
    if ((message.headers?.code ?? 0) !== 0) return this.#complete()
    this.#left--
    this.#requested--
    const takesMore = this.#take(deliveryOf(message))
    this.#hasAll = takesMore && this.#left <= 0
    if (!takesMore || this.#hasAll) this.#complete()
    else this.#request()
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

/** Returns the time that so many bytes take, in milliseconds. */
function timeOf(bytes: number, { state }: StreamInfo): number {
  const keptMs = Date.parse(state.last_ts) - Date.parse(state.first_ts)
  return keptMs > 0 ? (bytes / state.bytes) * keptMs : Number.POSITIVE_INFINITY
}

/** A message as the rest of the program knows it. Its bytes are not copied: the client uses no memory twice. */
export function deliveryOf({ subject, data }: Msg): HubDelivery {
  return { subject, payload: Buffer.from(data.buffer, data.byteOffset, data.byteLength) }
}
