/** Hot path: integers and shared Buffers; allocates nothing per listener but the few bytes that are its own. */
import { type Batch, framesFor, gather } from '../ring/batch.ts'
import type { ServedStream } from '../stream/served-stream.ts'
import { beginAtNext, skipToNewest } from './beginning.ts'
import type { CloseReason, Listener } from './listener.ts'
import { Renumbering } from './renumbering.ts'
import type { WriteMemory } from './write-memory.ts'

const NOTHING = Buffer.alloc(0)

/** A stream, or one of its epochs. */
export type ServedFrames = Pick<ServedStream, 'ring' | 'counters' | 'header' | 'numbering' | 'isFinished' | 'preamble'>

/** Listeners without a pending write. */
interface ReadyListeners {
  remove(listener: Listener): void
}

/** Writes frames to one listener at a time: those of the round, or those from its cursor on. */
export class Serving {
  readonly #stream: ServedFrames
  readonly #clientMaxBytes: number
  readonly #memory: WriteMemory
  readonly #ready: ReadyListeners
  readonly #end: (listener: Listener, why: CloseReason) => void
  readonly #renumbering: Renumbering
  /** Last batch for a slow listener, shared with others at the same frame. */
  #lagBatch: Batch | undefined

  /**
   * @param clientMaxBytes see `DeliveryPlan`.
   * @param ready a listener with a pending write is removed.
   * @param end ends a listener.
   */
  constructor(
    stream: ServedFrames,
    clientMaxBytes: number,
    memory: WriteMemory,
    ready: ReadyListeners,
    end: (listener: Listener, why: CloseReason) => void,
  ) {
    this.#stream = stream
    this.#renumbering = new Renumbering(stream)
    this.#clientMaxBytes = clientMaxBytes
    this.#memory = memory
    this.#ready = ready
    this.#end = end
  }

  /** Returns frames of the stream in one Buffer; see `gather` of the ring. */
  gather(from: number, to: number, maxBytes: number = this.#memory.largest): Batch {
    return gather(this.#stream.ring, from, to, maxBytes, this.#renumbering.numbering)
  }

  /** Writes to a listener its missing frames before `end`; `batch` is for listeners at the head. */
  serve(listener: Listener, end: number, batch: Batch | undefined): void {
    const { ring } = this.#stream
    let upTo = end
    const isAtHead = batch !== undefined && batch.from === listener.cursor
    // The batch still exists when its frames have left the ring, but the preamble of its first frame does not.
    if (listener.cursor < ring.first && !(isAtHead && listener.needs === 'nothing')) {
      this.#skip(listener)
      upTo = ring.next
    }
    if (listener.cursor >= upTo) return this.endIfDone(listener)
    const before = listener.needs === 'nothing' ? NOTHING : this.#begin(listener, upTo)
    if (before === undefined) return this.endIfDone(listener)
    const shared = batch?.from === listener.cursor ? batch : this.#lagging(listener.cursor, upTo)
    this.#write(listener, this.#withinLimit(listener, shared), before)
  }

  /** Called when the listener's write has been accepted, or the listener has disconnected. */
  released(listener: Listener): void {
    this.#memory.release(listener.heldBytes)
    listener.heldBytes = 0
  }

  /** Drops the shared batch of slow listeners, which must not hold memory between two rounds. */
  forgetSharedBatch(): void {
    this.#lagBatch = undefined
  }

  /** Ends a listener that has received all frames of a finished stream. */
  endIfDone(listener: Listener): void {
    const { isFinished, ring } = this.#stream
    if (isFinished && listener.cursor >= ring.next) this.#end(listener, 'stream ended')
  }

  /** See `skipToNewest`. */
  #skip(listener: Listener): void {
    const { ring, counters } = this.#stream
    const skipped = listener.framesSkipped
    skipToNewest(listener, ring)
    counters.laps++
    counters.framesSkipped += listener.framesSkipped - skipped
  }

  /** See `beginAtNext`. */
  #begin(listener: Listener, end: number): Buffer | undefined {
    const joins = listener.needs === 'start'
    const skipped = listener.framesSkipped
    const before = beginAtNext(listener, this.#stream, end)
    this.#stream.counters.framesSkipped += listener.framesSkipped - skipped
    if (before !== undefined) this.#renumbering.begin(listener, joins)
    return before
  }

  #write(listener: Listener, batch: Batch, before: Buffer): void {
    const shift = listener.numberShift
    const bytes = shift === 0 ? batch.bytes : this.#renumbering.lowered(batch, shift)
    listener.cursor = batch.to
    listener.nextNumber = batch.nextNumber
    listener.framesSent += batch.to - batch.from
    listener.bytesSent += bytes.length
    const { counters } = this.#stream
    counters.framesSent += batch.to - batch.from
    counters.bytesOut += bytes.length + before.length
    if (!listener.sink.write(bytes, before)) this.#held(listener, bytes.length)
    if (this.#clientMaxBytes > 0 && listener.bytesSent >= this.#clientMaxBytes) this.#end(listener, 'byte limit')
    else if (listener.index !== -1) this.endIfDone(listener)
  }

  #held(listener: Listener, bytes: number): void {
    this.#ready.remove(listener)
    listener.heldBytes = bytes
    this.#memory.hold(bytes)
  }

  #lagging(from: number, end: number): Batch {
    const last = this.#lagBatch
    if (last !== undefined && last.from === from && last.to <= end) return last
    this.#lagBatch = this.gather(from, end)
    return this.#lagBatch
  }

  #withinLimit(listener: Listener, batch: Batch): Batch {
    const left = this.#clientMaxBytes - listener.bytesSent
    if (this.#clientMaxBytes === 0 || batch.bytes.length <= left) return batch
    const { ring } = this.#stream
    return this.gather(batch.from, framesFor(ring, batch.from, batch.to, left), Number.POSITIVE_INFINITY)
  }
}

/** True when the listener is writable but still behind `end`. */
export function isBehind(listener: Listener, end: number): boolean {
  return listener.index !== -1 && listener.cursor < end
}
