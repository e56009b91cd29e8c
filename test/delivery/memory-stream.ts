import type { Frame } from '../../filters/frame-filter.ts'
import type { DeliveryPlan, SourcePlan } from '../../src/plan/stream-plan.ts'
import { Ring } from '../../src/ring/ring.ts'
import { StreamCounters } from '../../src/stream/counters.ts'
import type { FrameWatcher } from '../../src/stream/frame-watcher.ts'
import { WatcherList } from '../../src/stream/watcher-list.ts'

const AT_ONCE: DeliveryPlan = { maxDelayMs: 0, burstMs: undefined, clientMaxBytes: 0, clientTimeoutMs: 0 }

/** The part of a stream that delivery uses, fed by a test. */
export class MemoryStream {
  readonly plan: { readonly delivery: DeliveryPlan; readonly sources: readonly SourcePlan[] }
  readonly ring: Ring
  readonly header = Buffer.from('[header]')
  readonly isRaw = true
  joinFrom = 0
  seqShift = 0
  readonly counters = new StreamCounters()
  isFinished = false
  readonly refusal = undefined
  listeners = 0
  /** Number of watchers. */
  watching = 0
  readonly #watchers = new WatcherList()

  constructor(slots: number, delivery: DeliveryPlan = AT_ONCE, sources: readonly SourcePlan[] = []) {
    this.plan = { delivery, sources }
    this.ring = new Ring({ frames: slots })
  }

  /** Listeners cannot join at every third frame. */
  preamble(at: number): Buffer | null {
    return at % 3 === 2 ? null : Buffer.from(`{${at}}`)
  }

  watch(watcher: FrameWatcher, order: 'first' | 'last' = 'last'): () => void {
    const stop = this.#watchers.add(watcher, order)
    this.watching++
    return () => {
      this.watching--
      stop()
    }
  }

  listenerCame(): void {
    this.listeners++
  }

  listenerLeft(): void {
    this.listeners--
  }

  /** Pushes one chunk, of frames of these sizes and of this duration. */
  take(sizes: readonly number[], durationUs = 0): void {
    for (const size of sizes) this.push(size, durationUs)
    this.#watchers.all.chunkEnded()
  }

  /** Pushes one frame of a chunk that goes on. */
  push(size: number, durationUs = 0): void {
    this.ring.push(frameOf(this.ring.next, size, durationUs))
    this.#watchers.all.frameCame(size)
  }

  finish(): void {
    this.isFinished = true
    this.#watchers.all.streamFinished()
  }
}

function frameOf(seq: number, size: number, durationUs: number): Frame {
  return { bytes: Buffer.from(`<${seq}${'.'.repeat(size)}>`), durationUs }
}
