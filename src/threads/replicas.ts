import type { Logger } from '@logtape/logtape'
import type { RingMemory } from '../ring/ring-memory.ts'
import type { FoundStream, Order, Report } from './messages.ts'
import { Replica } from './replica.ts'

/** The streams of a delivery thread. */
export interface Replicas {
  /** Finds the stream at a decoded URL path by asking the main thread. */
  find(path: string): Promise<Replica | undefined>
  /** All current streams. */
  streams(): Iterable<Replica>
  /** Handles a message of the main thread about streams. @returns bytes of frames in it. */
  take(order: Order): number
}

/** A request that waits for a stream. */
interface Asker {
  readonly path: string
  resolve(replica: Replica | undefined): void
  reject(error: Error): void
}

export function createReplicas(ringMemory: RingMemory, post: (report: Report) => void, log: Logger): Replicas {
  const known = new Map<number, Replica>()
  const idAt = new Map<string, number>()
  const askers = new Map<number, Asker>()
  let asks = 0
  let memory = new SharedArrayBuffer(0)

  function found(stream: FoundStream, path: string): Replica | undefined {
    const { id, whole } = stream
    if (whole === undefined) return known.get(id)
    const replica = new Replica(whole, memory, ringMemory, post, log.with({ stream: path }))
    // The stream that was at this path before does not return.
    known.delete(idAt.get(path) ?? -1)
    idAt.set(path, id)
    known.set(id, replica)
    return replica
  }

  function answer(ask: number): Asker | undefined {
    const asker = askers.get(ask)
    askers.delete(ask)
    return asker
  }

  return {
    find(path) {
      return new Promise((resolve, reject) => {
        const ask = asks++
        askers.set(ask, { path, resolve, reject })
        post({ kind: 'find', ask, path })
      })
    },
    streams: () => known.values(),
    take(order) {
      if (order.kind === 'segment') ({ memory } = order)
      else if (order.kind === 'news') {
        const { news } = order
        known.get(news.id)?.take(news, memory)
        return news.lengths.reduce((sum, length) => sum + length, 0)
      } else if (order.kind === 'join point') known.get(order.id)?.begin(order.joinPoint)
      else if (order.kind === 'found') {
        const asker = answer(order.ask)
        asker?.resolve(order.stream && found(order.stream, asker.path))
      } else if (order.kind === 'not found') answer(order.ask)?.reject(new Error(order.why))
      return 0
    },
  }
}
