import { getLogger } from '@logtape/logtape'
import type { CreateFilter } from '../../filters/frame-filter.ts'
import { createDeliveries } from '../../src/delivery/deliveries.ts'
import type { Delivery } from '../../src/delivery/delivery.ts'
import type { Sink, SinkOwner } from '../../src/delivery/listener.ts'
import type { Start } from '../../src/delivery/start.ts'
import { streamOptions } from '../../src/program/stream-options.ts'
import type { Source, SourceConnection } from '../../src/source/source.ts'
import { Stream } from '../../src/stream/stream.ts'
import { createManualClock, type ManualClock } from '../manual-clock.ts'
import { streamPlan } from '../plans.ts'

/** More than a pause of reading without load, after which the end of an opening is noticed, in milliseconds. */
const REST_MS = 300

/** A stream whose chunks and time a test controls. */
export interface FedStream {
  readonly stream: Stream
  readonly delivery: Delivery
  readonly clock: ManualClock
  /** Lets `ms` milliseconds pass, and then a chunk arrive. */
  feed(chunk: Buffer, ms: number): Promise<void>
  /** Ends the opening; it is opened again with the next chunk. */
  close(): Promise<void>
}

/** @param flags as on the command line. */
export async function fedStream(create: CreateFilter, ...flags: readonly string[]): Promise<FedStream> {
  const plan = streamPlan(...flags)
  const clock = createManualClock()
  const source = new FedSource()
  const stream = new Stream(plan, source, streamOptions(plan, create, source), clock, getLogger('fed stream'))
  const delivery = createDeliveries(2 ** 26, clock)(stream)
  stream.start()
  await clock.advance(1)
  return {
    stream,
    delivery,
    clock,
    async feed(chunk, ms) {
      await clock.advance(ms)
      source.feed(chunk)
      await clock.advance(0)
    },
    async close() {
      source.feed(undefined)
      await clock.advance(REST_MS)
    },
  }
}

/** A source without an end. An opening waits for its first chunk. */
class FedSource implements Source {
  readonly label = 'a test'
  readonly patient = true
  readonly mayPause = true
  readonly #chunks: (Buffer | undefined)[] = []
  #fed: () => void = () => {}

  /** @param chunk undefined: the end of the opening. */
  feed(chunk: Buffer | undefined): void {
    this.#chunks.push(chunk)
    this.#fed()
  }

  async open(signal: AbortSignal): Promise<SourceConnection> {
    signal.addEventListener('abort', () => this.feed(undefined))
    await this.#arrival()
    return { about: {}, chunks: this.#read() }
  }

  async *#read(): AsyncGenerator<Buffer> {
    for (;;) {
      await this.#arrival()
      const chunk = this.#chunks.shift()
      if (chunk === undefined) return
      yield chunk
    }
  }

  async #arrival(): Promise<void> {
    if (this.#chunks.length > 0) return
    await new Promise<void>((resolve) => {
      this.#fed = resolve
    })
  }
}

/** A client in memory, with all bytes that it has received. */
export class FedClient implements Sink {
  owner: SinkOwner | undefined
  /** Number of writes. */
  writes = 0
  /** It does not accept the next write before `drain`. */
  isSlow = false
  ending: string | undefined
  #isWriting = false
  readonly #parts: Buffer[] = []
  readonly #all: Buffer[] = []

  /** All frames. */
  get body(): Buffer {
    return Buffer.concat(this.#parts)
  }

  /** All bytes: header and preambles too. */
  get all(): Buffer {
    return Buffer.concat(this.#all)
  }

  join(delivery: Delivery, start: Start): this {
    delivery.join(this, start)
    return this
  }

  write(bytes: Buffer, before: Buffer): boolean {
    this.writes++
    this.#parts.push(bytes)
    this.#all.push(before, bytes)
    this.#isWriting = this.isSlow
    return !this.isSlow
  }

  drain(): void {
    if (!this.#isWriting) return
    this.#isWriting = false
    this.owner?.drained()
  }

  end(): void {
    this.ending ??= 'ended'
    this.leave()
  }

  refuse(why: string): void {
    this.ending = why
    this.leave()
  }

  leave(): void {
    this.owner?.gone('disconnected')
  }
}
