import type { DeliveryPlan } from '../plan/stream-plan.ts'
import type { Batch } from '../ring/batch.ts'
import type { FrameWatcher } from '../stream/frame-watcher.ts'
import type { ServedStream } from '../stream/served-stream.ts'
import type { Clock } from '../system/clock.ts'
import { type CloseReason, Listener, type ListenerKeeper, type Sink } from './listener.ts'
import { ReadyList } from './ready-list.ts'
import { RewoundListeners } from './rewound-listeners.ts'
import { isBehind, Serving } from './serving.ts'
import { awaitsPast, type Place, placeOf, requestedFrame, type Start } from './start.ts'
import { isHurried, LARGE_WRITE_BYTES, longestTick, shortestTick } from './tick-limits.ts'
import { type Round, Ticker } from './ticker.ts'
import type { WriteMemory } from './write-memory.ts'

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
  readonly #memory: WriteMemory
  /** Listeners that stay behind the head; undefined: there were none. */
  #rewound: RewoundListeners | undefined
  /** Listeners of before the first frame, whose places are known with it; undefined: there are none. */
  #waiting: Map<Listener, Start> | undefined
  readonly #clock: Clock
  readonly #active: ActiveDeliveries
  /** Number of listeners with so short a burst that frames are written at once if there is time. */
  #hurried = 0
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
    this.#memory = memory
    const end = (listener: Listener, why: CloseReason) => this.end(listener, why)
    this.#serving = new Serving(stream, policy.clientMaxBytes, memory, this.#ready, end)
    this.#clock = clock
    this.#active = active
    this.#ticker = new Ticker(clock, this)
  }

  /** Adds a listener. The first listener makes the stream open its source. */
  join(sink: Sink, start: Start = {}): Listener {
    this.#watch()
    const { frame, leadUs } = this.#placeOf(start)
    const listener = new Listener(sink, frame, this)
    listener.isHurried = isHurried(start.burstMs, this.#stream.isRaw, this.#policy)
    this.#add(listener)
    if (awaitsPast(this.#stream)) (this.#waiting ??= new Map()).set(listener, start)
    if (leadUs === undefined) this.#serveOne(listener)
    else this.#rewind().add(listener, leadUs)
    this.#stream.listenerCame()
    return listener
  }

  /** Whether a listener stays behind the head. */
  isRewound(listener: Listener): boolean {
    return this.#rewound?.has(listener) === true
  }

  /** Media type of the first frame of a listener that goes back; undefined: that of the stream. */
  typeAt(start: Start): string | undefined {
    const { past } = this.#stream
    const frame = past && requestedFrame(start, this.#stream, this.#clock.now())
    const epoch = frame === undefined ? undefined : past?.epochs.at(frame)
    return epoch === past?.epochs.newest ? undefined : epoch?.format.contentType
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
    if (this.#waiting !== undefined) return
    if (this.#waitingBytes >= LARGE_WRITE_BYTES || frames >= this.#stream.ring.quarter) this.#ticker.now()
  }

  chunkEnded(): void {
    if (this.#waiting !== undefined && this.#stream.ring.next > this.#head) this.#beginWaiting(this.#waiting)
    if (this.#stream.ring.next > this.#head) this.#ticker.wake()
  }

  get pauseMs(): number {
    return this.#ticker.pauseMs
  }

  /**
   * A player that has started with one format cannot continue with another: it is ended, and reconnects for the new one. Listeners
   * behind the head still have frames of the old one.
   */
  formatChanged(): void {
    for (const listener of this.#all) if (!this.isRewound(listener)) this.end(listener, 'format changed')
  }

  openingEnded(): void {
    this.#ticker.now()
  }

  sourceRefused(why: string): void {
    for (const listener of this.#all) if (!this.isRewound(listener)) this.refuse(listener, why)
  }

  /** Ends a listener because the source's bytes are not usable. @param why in one line */
  refuse(listener: Listener, why: string): void {
    if (listener.ending !== undefined) return
    listener.ending = 'source refused'
    this.#unlist(listener)
    listener.sink.refuse(why)
  }

  streamFinished(): void {
    this.#ticker.now()
    for (const listener of this.#all) if (listener.index !== -1) this.#serving.endIfDone(listener)
    // A program that ends with its stream does not wait for listeners that may be an hour behind.
    if (this.#stream.plan.whenEnded !== 'exit') return
    for (const listener of this.#rewound?.all() ?? []) this.end(listener, 'stream ended')
  }

  listenerDrained(listener: Listener): void {
    this.#serving.released(listener)
    if (this.#rewound?.drained(listener) !== true) this.#serveOne(listener)
  }

  listenerGone(listener: Listener): void {
    this.#serving.released(listener)
    this.#remove(listener)
  }

  /**
   * Moves a listener to a stream with the same format, whose newest frame follows those that it has got.
   * @returns false when it cannot be moved, because it is ending, plays an older format, or has a sink that does not support that
   */
  move(listener: Listener, to: Delivery): boolean {
    if (listener.ending !== undefined || listener.sink.follow === undefined) return false
    if (this.#rewound?.isOfNewest(listener) === false) return false
    const isWritable = listener.index !== -1
    this.#remove(listener)
    to.#adopt(listener, isWritable)
    return true
  }

  /** @param isWritable false: a write is pending, whose memory is held until it has been accepted */
  #adopt(listener: Listener, isWritable: boolean): void {
    this.#watch()
    listener.rejoin(this.#placeOf(AT_NEWEST).frame, this)
    listener.sink.follow?.(this.#stream)
    this.#add(listener)
    if (isWritable) this.#serveOne(listener)
    this.#stream.listenerCame()
  }

  #add(listener: Listener): void {
    this.#all.add(listener)
    if (!listener.isHurried || ++this.#hurried > 1) return
    this.#ticker.hasten()
    this.#stream.readOn()
  }

  #remove(listener: Listener): void {
    this.#unlist(listener)
    this.#waiting?.delete(listener)
    if (this.#all.delete(listener) && listener.isHurried) this.#hurried--
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

  #placeOf(start: Start): Place {
    return placeOf(start, this.#stream, this.#policy, this.#head, this.#clock.now())
  }

  /** Takes a listener out of the rounds and turns. */
  #unlist(listener: Listener): void {
    if (this.#rewound?.remove(listener) !== true && listener.index !== -1) this.#ready.remove(listener)
  }

  /** Returns the listeners behind the head, of a stream with a past. */
  #rewind(): RewoundListeners {
    const { past } = this.#stream
    if (past === undefined) throw new TypeError('listeners of this thread cannot go back')
    this.#rewound ??= new RewoundListeners(this.#stream, past, {
      memory: this.#memory,
      clientMaxBytes: this.#policy.clientMaxBytes,
      clock: this.#clock,
      end: (listener, why) => this.end(listener, why),
      caughtUp: (listener) => this.#caughtUp(listener),
    })
    return this.#rewound
  }

  #caughtUp(listener: Listener): void {
    const { refusal } = this.#stream
    this.#unlist(listener)
    if (refusal === undefined) this.#serveOne(listener)
    else this.refuse(listener, refusal)
  }

  /** Begins the listeners that have waited for the first frames, of which some are of the past. */
  #beginWaiting(waiting: ReadonlyMap<Listener, Start>): void {
    this.#waiting = undefined
    this.#head = this.#stream.ring.next
    this.#waitingBytes = 0
    for (const [listener, start] of waiting) {
      if (!this.#all.has(listener) || listener.ending !== undefined) continue
      listener.cursor = this.#placeOf(start).frame
      this.#unlist(listener)
      this.#serveOne(listener)
    }
  }

  /** Writes to a listener that is writable (again) the frames up to the head. */
  #serveOne(listener: Listener): void {
    this.#ready.add(listener)
    this.#serving.serve(listener, this.#head, undefined)
    if (!isBehind(listener, this.#head)) return
    this.#isMore = true
    this.#ticker.again()
  }

  shortestMs(): number {
    return this.#hurried > 0 ? 0 : shortestTick(this.#stream, this.#policy)
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
    this.#unlist(listener)
    listener.sink.end()
  }
}
