import type { JetStreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { type Clock, inTime, pause } from '../../system/clock.ts'
import type { HubDelivery } from '../hub-link.ts'
import { HistoryReading } from './read-history.ts'

/** Time for the kept messages of some streams, and of many, in milliseconds: streams that start wait for them. */
const [READ_MS, READ_MANY_MS] = [500, 1_000] as const
/** Most streams that are read by a consumer each. More are read together, because a hub creates few consumers a second. */
const MAX_CONSUMERS = 3
/** Frames of all streams. */
const ALL = 'ss.a.>'
/** Most bytes of one stream: 10 s of two origins at 1.4 Mbit/s have 3.5 MB. */
const MAX_BYTES = 8 * 2 ** 20
/** Most bytes of all that are read together: more would not arrive in time. */
const MAX_TOGETHER = 32 * 2 ** 20

/** A read that waits. */
interface Read {
  /** Its subject without the last token, which is that of the origin. */
  readonly stream: string
  readonly subject: string
  readonly ms: number
  readonly messages: HubDelivery[]
  bytes: number
  hasAll: boolean
  readonly done: (messages: readonly HubDelivery[]) => void
}

/** Reads of kept messages. Those that are begun at the same time are done together, and the next ones after them. */
export class HistoryReads {
  readonly #connection: NatsConnection
  readonly #manager: Promise<JetStreamManager>
  readonly #clock: Clock
  readonly #failed: (error: unknown) => void
  #waiting: Read[] = []
  #isReading = false

  /** @param failed observer of what JetStream refuses */
  constructor(
    connection: NatsConnection,
    manager: Promise<JetStreamManager>,
    clock: Clock,
    failed: (error: unknown) => void,
  ) {
    this.#connection = connection
    this.#manager = manager
    this.#clock = clock
    this.#failed = failed
  }

  /**
   * Returns the kept messages of a subject, `ss.a.NAME.*`; none when they do not arrive in time, because the newest would be missing.
   * @param ms age of the oldest one
   */
  read(subject: string, ms: number): Promise<readonly HubDelivery[]> {
    return new Promise((done) => {
      this.#waiting.push({ stream: streamOf(subject), subject, ms, messages: [], bytes: 0, hasAll: false, done })
      if (!this.#isReading) void this.#readAll()
    })
  }

  async #readAll(): Promise<void> {
    this.#isReading = true
    await pause(this.#clock, 0)
    while (this.#waiting.length > 0) {
      const reads = this.#waiting.splice(0)
      try {
        if (!this.#connection.isClosed()) await this.#readNow(reads, await this.#manager)
      } catch (error) {
        this.#failed(error)
      }
      for (const { done, messages, hasAll } of reads) done(hasAll ? messages : [])
    }
    this.#isReading = false
  }

  async #readNow(reads: readonly Read[], manager: JetStreamManager): Promise<void> {
    const isMany = reads.length > MAX_CONSUMERS
    const readings = isMany ? [this.#together(reads, manager)] : reads.map((read) => this.#alone(read, manager))
    try {
      const done = Promise.all(readings.map((reading) => reading.done))
      await inTime(this.#clock, isMany ? READ_MANY_MS : READ_MS, done)
    } finally {
      for (const reading of readings) reading.end()
    }
    for (const [at, read] of reads.entries()) read.hasAll = (readings[at] ?? readings[0])?.hasAll ?? false
  }

  #alone(read: Read, manager: JetStreamManager): HistoryReading {
    const { subject: filter, ms } = read
    return new HistoryReading(this.#connection, manager, { filter, ms, take: (delivery) => add(read, delivery) })
  }

  #together(reads: readonly Read[], manager: JetStreamManager): HistoryReading {
    const byStream = new Map<string, Read[]>()
    for (const read of reads) byStream.set(read.stream, [...(byStream.get(read.stream) ?? []), read])
    let bytes = 0
    const take = (delivery: HubDelivery) => {
      for (const read of byStream.get(streamOf(delivery.subject)) ?? []) add(read, delivery)
      bytes += delivery.payload.length
      return bytes < MAX_TOGETHER
    }
    return new HistoryReading(this.#connection, manager, {
      filter: ALL,
      ms: Math.max(...reads.map(({ ms }) => ms)),
      take,
    })
  }
}

/** @returns false: the stream has all that it may have */
function add(read: Read, delivery: HubDelivery): boolean {
  if (read.bytes >= MAX_BYTES) return false
  read.messages.push(delivery)
  read.bytes += delivery.payload.length
  return true
}

function streamOf(subject: string): string {
  return subject.slice(0, subject.lastIndexOf('.'))
}
