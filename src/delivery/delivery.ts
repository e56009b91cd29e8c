import type { Batch } from '../ring/batch.ts'
import { startOf } from '../ring/cursor.ts'
import { addFrames, type FrameCount } from '../stream/frame-count.ts'
import type { FrameWatcher } from '../stream/frame-watcher.ts'
import type { ServedStream } from '../stream/served-stream.ts'
import type { Clock } from '../system/clock.ts'
import { burstOf } from './burst.ts'
import { type CloseReason, Listener, type ListenerKeeper, type Sink } from './listener.ts'
import { LARGE_WRITE_BYTES, longestTick } from './longest-tick.ts'
import { ReadyList } from './ready-list.ts'
import { isBehind, Serving } from './serving.ts'
import { createTicker, type Round, type Ticker } from './ticker.ts'
import type { WriteMemory } from './write-memory.ts'

/** How a stream is delivered. */
export interface DeliveryPolicy {
  /** How long frames may wait to be written together, in milliseconds; undefined: see `longestTick`. */
  readonly maxDelayMs: number | undefined
  /** How far behind the newest frame a listener starts, in milliseconds; undefined: see `burstOf`, or 0 for raw frames. */
  readonly burstMs: number | undefined
  /** A listener ends when it has been sent at least so many bytes of frames; 0 is never. */
  readonly clientMaxBytes: number
  /** Memory for writes that clients have not taken yet, over all streams of a thread, in bytes; see `WriteMemory`. */
  readonly writeMemory: number
}

/** How somebody wants to begin. */
export interface Start {
  /** So far behind the newest frame, in milliseconds, as far as the ring reaches; undefined: as the policy says. */
  readonly burstMs?: number | undefined
  /** A player takes the frames, raw or not, and begins sooner if it gets some at once. */
  readonly forPlayer?: boolean
}

/** The clock is looked at after so many listeners. */
const LOOK_EVERY = 8

/**
 * Gives a stream's frames to its listeners: at each tick one write for each of them, of one Buffer shared by all who stand
 * at the head.
 *
 *      ring   [ ][ ][ ][ ][ ][ ][ ][ ][ ]
 *                  ^        ^           ^
 *               laggard    head        next      the round writes head..next; the laggard goes on from its own cursor
 *
 * Whoever has not taken its last write is left alone until it has; if the ring has lapped it by then, it goes on at the
 * newest frame.
 */
export class Delivery implements FrameWatcher, ListenerKeeper, Round {
  readonly #stream: ServedStream
  readonly #policy: DeliveryPolicy
  readonly #ticker: Ticker
  readonly #all = new Set<Listener>()
  readonly #ready = new ReadyList<Listener>()
  readonly #serving: Serving
  readonly #clock: Clock
  /** The first frame that has not been in a round. */
  #head: number
  /** Bytes from `#head` on. */
  #waitingBytes = 0
  /** What those at the head get in the round that is under way. */
  #batch: Batch | undefined
  /** Somebody could be written more. */
  #isMore = false
  /** What those got who have left. */
  readonly #past: FrameCount = { framesSent: 0, framesSkipped: 0 }
  /** Calls that wait for the last listener to leave. */
  #emptied: (() => void)[] = []

  constructor(stream: ServedStream, policy: DeliveryPolicy, memory: WriteMemory, clock: Clock) {
    this.#stream = stream
    this.#policy = policy
    this.#head = stream.ring.next
    const end = (listener: Listener, why: CloseReason) => this.#end(listener, why)
    this.#serving = new Serving(stream, policy.clientMaxBytes, memory, this.#ready, end)
    this.#clock = clock
    this.#ticker = createTicker(clock, this)
    stream.watcher = this
  }

  /** Somebody comes to listen; the first one makes the stream open its source. */
  join(sink: Sink, { burstMs: wishedMs, forPlayer = false }: Start = {}): Listener {
    const { ring, isRaw, joinFrom } = this.#stream
    const burst = burstOf(wishedMs ?? this.#policy.burstMs ?? (isRaw && !forPlayer ? 0 : undefined))
    const oldest = Math.max(ring.first, joinFrom)
    // Frames from the head on are written at the next tick anyway, so nobody starts behind the head.
    const start = Math.max(oldest, Math.min(startOf(ring, burst, joinFrom), this.#head))
    const listener = new Listener(sink, start, this)
    this.#all.add(listener)
    this.#serveOne(listener)
    this.#stream.listenerCame()
    return listener
  }

  /** What all listeners of this thread got and missed so far. It is added up here, where somebody asks, and not with each frame. */
  count(): Readonly<FrameCount> {
    const count = { ...this.#past }
    for (const listener of this.#all) addFrames(count, listener)
    return count
  }

  /** Ends every listener; resolved when all of them are gone. */
  endAll(why: CloseReason): Promise<void> {
    for (const listener of this.#all) this.#end(listener, why)
    return this.whenEmpty()
  }

  /** Resolved as soon as there is no listener. */
  whenEmpty(): Promise<void> {
    if (this.#all.size === 0) return Promise.resolve()
    return new Promise((resolve) => this.#emptied.push(resolve))
  }

  frameCame(bytes: number): void {
    this.#waitingBytes += bytes
    const frames = this.#stream.ring.next - this.#head
    if (this.#waitingBytes >= LARGE_WRITE_BYTES || frames >= this.#stream.ring.quarter) this.#ticker.now()
  }

  chunkEnded(): void {
    if (this.#stream.ring.next > this.#head) this.#ticker.wake()
  }

  get restMs(): number {
    return this.#ticker.restMs
  }

  /** A player that was told one format cannot go on with another: it is ended, and comes back for the new one. */
  formatChanged(): void {
    for (const listener of this.#all) this.#end(listener, 'format changed')
  }

  openingEnded(): void {
    this.#ticker.now()
  }

  sourceRefused(why: string): void {
    for (const listener of this.#all) this.refuse(listener, why)
  }

  /** Ends a listener because nothing can be made of the source's bytes. @param why in one line */
  refuse(listener: Listener, why: string): void {
    if (listener.ending !== undefined) return
    listener.ending = 'source refused'
    if (listener.place !== -1) this.#ready.remove(listener)
    listener.sink.refuse(why)
  }

  streamFinished(): void {
    this.#ticker.now()
    for (const listener of this.#all) if (listener.place !== -1) this.#serving.endIfDone(listener)
  }

  listenerDrained(listener: Listener): void {
    this.#serving.released(listener)
    this.#serveOne(listener)
  }

  listenerGone(listener: Listener): void {
    if (listener.place !== -1) this.#ready.remove(listener)
    this.#all.delete(listener)
    this.#serving.released(listener)
    addFrames(this.#past, listener)
    this.#stream.listenerLeft()
    if (this.#all.size > 0) return
    for (const resolve of this.#emptied.splice(0)) resolve()
  }

  /** Whoever can be written to (again) gets what the others have got already. */
  #serveOne(listener: Listener): void {
    this.#ready.add(listener)
    this.#serving.serve(listener, this.#head, undefined)
    if (!isBehind(listener, this.#head)) return
    this.#isMore = true
    this.#ticker.again()
  }

  longestMs(): number {
    return longestTick(this.#stream, this.#policy)
  }

  begin(): number {
    const { ring } = this.#stream
    const listeners = this.#ready.size
    this.#ready.startWalk()
    this.#batch = listeners === 0 ? undefined : this.#serving.gather(this.#head, ring.next)
    this.#head = ring.next
    this.#waitingBytes = 0
    this.#isMore = false
    return listeners * (this.#batch?.bytes.length ?? 0)
  }

  /** Hot path. */
  goOn(forMs: number): number {
    const ready = this.#ready
    const until = this.#clock.now() + forMs
    for (let listener = ready.walkOn(); listener !== undefined; listener = ready.walkOn()) {
      this.#serving.serve(listener, this.#head, this.#batch)
      this.#isMore ||= isBehind(listener, this.#head)
      if (ready.toCome % LOOK_EVERY === 0 && this.#clock.now() > until) break
    }
    if (ready.toCome > 0) return ready.toCome / ready.size
    this.#batch = undefined
    this.#serving.forgetLaggards()
    return 0
  }

  isMore(): boolean {
    return this.#isMore || this.#stream.ring.next > this.#head
  }

  #end(listener: Listener, why: CloseReason): void {
    if (listener.ending !== undefined) return
    listener.ending = why
    if (listener.place !== -1) this.#ready.remove(listener)
    listener.sink.end()
  }
}
