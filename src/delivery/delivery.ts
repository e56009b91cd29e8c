import type { DeliveryPlan } from '../plan/stream-plan.ts'
import type { Batch } from '../ring/batch.ts'
import { startOf } from '../ring/cursor.ts'
import type { FrameWatcher } from '../stream/frame-watcher.ts'
import type { ServedStream } from '../stream/served-stream.ts'
import type { Clock } from '../system/clock.ts'
import { burstOf } from './burst.ts'
import { type CloseReason, Listener, type ListenerKeeper, type Sink } from './listener.ts'
import { LARGE_WRITE_BYTES, longestTick } from './longest-tick.ts'
import { ReadyList } from './ready-list.ts'
import { isBehind, Serving } from './serving.ts'
import { type Round, Ticker } from './ticker.ts'
import type { WriteMemory } from './write-memory.ts'

/** Start position that a listener requests. */
export interface Start {
  /**
   * Number of the first frame: of one that has left the ring, the oldest; of the frame after the newest, that one once it is
   * there. Ignored when it is further ahead, because such a number is of another run of the program.
   */
  readonly frame?: number | undefined
  /** Distance from the newest frame, in milliseconds, limited by the ring; undefined: as in the policy. */
  readonly burstMs?: number | undefined
  /** The frames, raw or not, are for a player, which starts sooner with a burst. */
  readonly forPlayer?: boolean
}

/** Start of a listener that has frames of another stream to play: more than the newest one would delay it. */
const AT_NEWEST: Start = { burstMs: 0 }

/** Deliveries of a thread that have listeners. They share its time. */
export interface ActiveDeliveries {
  count: number
}

/** Number of listeners served between two looks at the clock. */
const LOOK_EVERY = 8

/**
 * Writes a stream's frames to its listeners: one write per tick and listener, of a Buffer shared by all listeners at the head.
 *
 *      ring   [ ][ ][ ][ ][ ][ ][ ][ ][ ]
 *                  ^        ^           ^
 *                 slow     head        next      the round writes head..next; a slow listener continues from its own cursor
 *
 * A listener whose last write is still pending is skipped. If the ring laps it meanwhile, it continues at the newest frame.
 */
export class Delivery implements FrameWatcher, ListenerKeeper, Round {
  readonly #stream: ServedStream
  readonly #policy: DeliveryPlan
  readonly #ticker: Ticker
  readonly #all = new Set<Listener>()
  readonly #ready = new ReadyList<Listener>()
  readonly #serving: Serving
  readonly #clock: Clock
  readonly #active: ActiveDeliveries
  /** The first frame that no round has written yet. */
  #head = 0
  /** Bytes from `#head` to the end of the ring. */
  #waitingBytes = 0
  /** Batch for the listeners at the head in the current round. */
  #batch: Batch | undefined
  /** A writable listener is still behind the head. */
  #isMore = false
  /** Ends the watch of the stream's frames, which lasts while there are listeners; undefined: there are none. */
  #stopWatching: (() => void) | undefined
  /** Callbacks that wait until the last listener has disconnected. */
  #emptied: (() => void)[] = []

  /** @param policy limits of its listeners. */
  constructor(
    stream: ServedStream,
    memory: WriteMemory,
    clock: Clock,
    active: ActiveDeliveries = { count: 0 },
    policy: DeliveryPlan = stream.plan.delivery,
  ) {
    this.#stream = stream
    this.#policy = policy
    const end = (listener: Listener, why: CloseReason) => this.end(listener, why)
    this.#serving = new Serving(stream, policy.clientMaxBytes, memory, this.#ready, end)
    this.#clock = clock
    this.#active = active
    this.#ticker = new Ticker(clock, this)
  }

  /** Adds a listener. The first listener makes the stream open its source. */
  join(sink: Sink, start: Start = {}): Listener {
    this.#watch()
    const listener = new Listener(sink, this.#frameOf(start), this)
    this.#all.add(listener)
    this.#serveOne(listener)
    this.#stream.listenerCame()
    return listener
  }

  /** Ends every listener; resolved when all have disconnected. */
  endAll(why: CloseReason): Promise<void> {
    for (const listener of this.#all) this.end(listener, why)
    return this.whenEmpty()
  }

  /** Resolved as soon as the delivery has no listeners. */
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

  get pauseMs(): number {
    return this.#ticker.pauseMs
  }

  /** A player that has started with one format cannot continue with another: it is ended, and reconnects for the new one. */
  formatChanged(): void {
    for (const listener of this.#all) this.end(listener, 'format changed')
  }

  openingEnded(): void {
    this.#ticker.now()
  }

  sourceRefused(why: string): void {
    for (const listener of this.#all) this.refuse(listener, why)
  }

  /** Ends a listener because the source's bytes are not usable. @param why in one line */
  refuse(listener: Listener, why: string): void {
    if (listener.ending !== undefined) return
    listener.ending = 'source refused'
    if (listener.index !== -1) this.#ready.remove(listener)
    listener.sink.refuse(why)
  }

  streamFinished(): void {
    this.#ticker.now()
    for (const listener of this.#all) if (listener.index !== -1) this.#serving.endIfDone(listener)
  }

  listenerDrained(listener: Listener): void {
    this.#serving.released(listener)
    this.#serveOne(listener)
  }

  listenerGone(listener: Listener): void {
    this.#serving.released(listener)
    this.#remove(listener)
  }

  /**
   * Moves a listener to a stream with the same format, whose newest frame follows those that it has got.
   * @returns false when it cannot be moved, because it is ending or its sink does not support that
   */
  move(listener: Listener, to: Delivery): boolean {
    if (listener.ending !== undefined || listener.sink.follow === undefined) return false
    const isWritable = listener.index !== -1
    this.#remove(listener)
    to.#adopt(listener, isWritable)
    return true
  }

  /** @param isWritable false: a write is pending, whose memory is held until it has been accepted */
  #adopt(listener: Listener, isWritable: boolean): void {
    this.#watch()
    listener.rejoin(this.#frameOf(AT_NEWEST), this)
    listener.sink.follow?.(this.#stream)
    this.#all.add(listener)
    if (isWritable) this.#serveOne(listener)
    this.#stream.listenerCame()
  }

  #remove(listener: Listener): void {
    if (listener.index !== -1) this.#ready.remove(listener)
    this.#all.delete(listener)
    this.#stream.listenerLeft()
    if (this.#all.size > 0) return
    if (this.#stopWatching !== undefined) this.#active.count--
    this.#stopWatching?.()
    this.#stopWatching = undefined
    for (const resolve of this.#emptied.splice(0)) resolve()
  }

  /** Starts with the next frame: those that are in the ring now have been written to all listeners of before. */
  #watch(): void {
    if (this.#stopWatching !== undefined) return
    this.#head = this.#stream.ring.next
    this.#waitingBytes = 0
    this.#stopWatching = this.#stream.watch(this)
    this.#active.count++
  }

  /** Returns the number of the frame at which a listener starts. */
  #frameOf({ frame, burstMs, forPlayer = false }: Start): number {
    const { ring, isRaw, joinFrom } = this.#stream
    const oldest = Math.max(ring.first, joinFrom)
    if (frame !== undefined && frame <= ring.next) return Math.max(oldest, frame)
    const burst = burstOf(burstMs ?? this.#policy.burstMs ?? (isRaw && !forPlayer ? 0 : undefined))
    // Frames from the head on are written at the next tick anyway, so a burst ends at the head.
    return Math.max(oldest, Math.min(startOf(ring, burst, joinFrom), this.#head))
  }

  /** Writes to a listener that is writable (again) the frames up to the head. */
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

  streams(): number {
    return Math.max(1, this.#active.count)
  }

  begin(tickMs: number): number {
    const { ring, counters } = this.#stream
    counters.ticks++
    counters.tickMs += tickMs
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
    this.#serving.forgetSharedBatch()
    return 0
  }

  isMore(): boolean {
    return this.#isMore || this.#stream.ring.next > this.#head
  }

  /** Ends a listener; what has been written to it is still sent. */
  end(listener: Listener, why: CloseReason): void {
    if (listener.ending !== undefined) return
    listener.ending = why
    if (listener.index !== -1) this.#ready.remove(listener)
    listener.sink.end()
  }
}
