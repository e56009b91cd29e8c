import type { ServedStream } from '../stream/served-stream.ts'
import type { DeliveryOf } from './deliveries.ts'
import type { CloseReason } from './listener.ts'
import type { Visit } from './visit.ts'

/** Number of threads from which the ids of listeners are distinct. */
const THREADS = 1024

/** The listeners of one thread that are connected, by their ids. */
export class Visits {
  readonly #deliveryOf: DeliveryOf
  readonly #all = new Map<number, Visit>()
  #lastId: number

  /** @param thread number of the thread, 0 for the main thread: ids are unique over all threads */
  constructor(thread: number, deliveryOf: DeliveryOf) {
    this.#lastId = thread
    this.#deliveryOf = deliveryOf
  }

  /** Returns an id for a listener, which is never used again. */
  newId(): number {
    this.#lastId += THREADS
    return this.#lastId
  }

  add(id: number, visit: Visit): void {
    this.#all.set(id, visit)
  }

  remove(id: number): void {
    this.#all.delete(id)
  }

  /** Disconnects a listener. @returns false when this thread has none with this id */
  end(id: number, why: CloseReason): boolean {
    const visit = this.#all.get(id)
    if (visit?.listener === undefined) return false
    this.#deliveryOf(visit.stream).end(visit.listener, why)
    return true
  }

  /**
   * Moves listeners to a stream with the same format. Those over a WebSocket stay.
   * @param id of the only one to move; undefined: all of the stream
   */
  move(from: ServedStream, to: ServedStream, id?: number): void {
    const moving = id === undefined ? this.#all.values() : [this.#all.get(id)]
    for (const visit of moving) {
      if (visit?.stream !== from || visit.listener === undefined) continue
      if (this.#deliveryOf(from).move(visit.listener, this.#deliveryOf(to))) visit.moved(to)
    }
  }

  /** Disconnects all listeners whose addresses match. */
  endThose(matches: (address: string) => boolean, why: CloseReason): void {
    for (const [id, { address }] of this.#all) if (matches(address)) this.end(id, why)
  }
}
