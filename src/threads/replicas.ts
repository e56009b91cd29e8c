import type { Logger } from '@logtape/logtape'
import type { RingMemory } from '../ring/ring-memory.ts'
import type { FoundStream, Order, Report, StreamUpdate } from './messages.ts'
import { Replica } from './replica.ts'

/** A request that waits for a stream. */
interface Asker {
  readonly path: string
  resolve(replica: Replica | undefined): void
  reject(error: Error): void
}

/** The streams of a delivery thread. */
export class Replicas {
  readonly #ringMemory: RingMemory
  readonly #post: (report: Report) => void
  readonly #log: Logger
  readonly #known = new Map<number, Replica>()
  readonly #idAt = new Map<string, number>()
  readonly #askers = new Map<number, Asker>()
  #asks = 0
  /** The newest segment. */
  #memory = new SharedArrayBuffer(0)

  /** @param post posts to the main thread. */
  constructor(ringMemory: RingMemory, post: (report: Report) => void, log: Logger) {
    this.#ringMemory = ringMemory
    this.#post = post
    this.#log = log
  }

  /** Finds the stream at a decoded URL path by asking the main thread. */
  find(path: string): Promise<Replica | undefined> {
    return new Promise((resolve, reject) => {
      const ask = this.#asks++
      this.#askers.set(ask, { path, resolve, reject })
      this.#post({ kind: 'find', ask, path })
    })
  }

  /** All current streams. */
  streams(): Iterable<Replica> {
    return this.#known.values()
  }

  /** Handles a message of the main thread about streams. @returns bytes of frames in it. */
  take(order: Order): number {
    if (order.kind === 'news') return this.#update(order.news)
    if (order.kind === 'segment') this.#memory = order.memory
    else if (order.kind === 'join point') this.#known.get(order.id)?.begin(order.joinPoint)
    else if (order.kind === 'found') {
      const asker = this.#answer(order.ask)
      asker?.resolve(order.stream && this.#found(order.stream, asker.path))
    } else if (order.kind === 'not found') this.#answer(order.ask)?.reject(new Error(order.why))
    return 0
  }

  #update(update: StreamUpdate): number {
    this.#known.get(update.id)?.take(update, this.#memory)
    return update.lengths.reduce((sum, length) => sum + length, 0)
  }

  #found({ id, whole }: FoundStream, path: string): Replica | undefined {
    if (whole === undefined) return this.#known.get(id)
    const log = this.#log.with({ stream: path })
    const replica = new Replica(whole, this.#memory, this.#ringMemory, this.#post, log)
    // The stream that was at this path before does not return.
    this.#known.delete(this.#idAt.get(path) ?? -1)
    this.#idAt.set(path, id)
    this.#known.set(id, replica)
    return replica
  }

  #answer(ask: number): Asker | undefined {
    const asker = this.#askers.get(ask)
    this.#askers.delete(ask)
    return asker
  }
}
