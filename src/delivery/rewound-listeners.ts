import type { Epoch } from '../stream/epoch.ts'
import type { ServedStream, StreamPast } from '../stream/served-stream.ts'
import type { Clock } from '../system/clock.ts'
import { EpochFrames } from './epoch-frames.ts'
import type { CloseReason, Listener } from './listener.ts'
import { type Positions, positionsOf } from './positions.ts'
import { Serving } from './serving.ts'
import type { WriteMemory } from './write-memory.ts'

/** Time between two turns, in milliseconds, and the number of turns after which each listener has been served: 0.7 s. */
const TURN_MS = 100
const TURNS = 7
/**
 * Distance from the oldest frame at which a listener continues that the ring has lapped, in microseconds, or a quarter of a shorter
 * ring: closer to it, it would be lapped again before its next turn.
 */
const MARGIN_US = 5_000_000
const US_PER_MS = 1000

/** Parts of a delivery that its listeners behind the head use. */
export interface RewoundParts {
  readonly memory: WriteMemory
  /** See `DeliveryPlan`. */
  readonly clientMaxBytes: number
  readonly clock: Clock
  end(listener: Listener, why: CloseReason): void
  /** A listener has received all frames: from now on it is one at the head. */
  caughtUp(listener: Listener): void
}

/** Progress of one listener: at the time `at`, it may have received all frames before the position `us`. */
interface Pace {
  readonly turn: Set<Listener>
  /** Sound that it has received in advance, in microseconds. */
  readonly leadUs: number
  /** Position in microseconds, and time in milliseconds of the clock. */
  us: number
  at: number
  isTimed: boolean
  /** Epoch of its last frame; undefined before the first one, and for frames of no epoch. */
  epoch: Epoch | undefined
  /** Undefined before the first frame. */
  serving: Serving | undefined
}

/**
 * The listeners of a stream that stay behind its head. Each receives the frames at the speed of their sound, whatever the source does
 * meanwhile, until it has caught up with the head. One timer serves them in turns:
 *
 * ```
 *   ring       [f][f][f][f][f][f][f][f][f][f][f][f][f][f][f][f][f][f] next
 *                 '--write--'                '--write--'
 *                 listener 1                 listener 2
 *   turns      | 1 8 .. | 2 9 .. | 3 .. | 4 .. | 5 .. | 6 .. | 7 .. | 1 8 .. |
 * ```
 *
 * A listener plays the epochs that it comes to, with their own headers and numbers, and is ended where the format changes.
 */
export class RewoundListeners {
  readonly #stream: ServedStream
  readonly #past: StreamPast
  readonly #parts: RewoundParts
  readonly #paces = new Map<Listener, Pace>()
  readonly #turns: readonly Set<Listener>[] = Array.from({ length: TURNS }, () => new Set<Listener>())
  /** Index of the next turn, and its time. */
  #next = 0
  #nextAt = 0
  #cancel: (() => void) | undefined
  readonly #end = (listener: Listener, why: CloseReason): void => this.#parts.end(listener, why)
  readonly #servings = new WeakMap<Epoch | ServedStream, Serving>()
  /** Those of the present turn, which share batches. */
  readonly #used = new Set<Serving>()
  /** A listener with a pending write is marked by its index. */
  readonly #ready = {
    remove: (listener: Listener) => {
      listener.index = -1
    },
  }
  readonly #run = (): void => {
    this.#cancel = undefined
    const turn = this.#turns[this.#next]
    this.#next = (this.#next + 1) % TURNS
    for (const listener of turn ?? []) this.#serve(listener)
    this.#forgetSharedBatches()
    this.#schedule()
  }

  constructor(stream: ServedStream, past: StreamPast, parts: RewoundParts) {
    this.#stream = stream
    this.#past = past
    this.#parts = parts
  }

  has(listener: Listener): boolean {
    return this.#paces.has(listener)
  }

  /** All of them. */
  all(): Iterable<Listener> {
    return this.#paces.keys()
  }

  /** Adds a listener, and writes to it the first `leadUs` microseconds of sound from its cursor on. */
  add(listener: Listener, leadUs: number): void {
    const turn = this.#leastTurn()
    const pace = { turn, leadUs, us: 0, at: 0, isTimed: false, epoch: undefined, serving: undefined }
    this.#begin(pace, this.#positions.positionOf(listener.cursor))
    this.#paces.set(listener, pace)
    turn.add(listener)
    listener.index = 0
    this.#serveAlone(listener)
    if (this.#cancel !== undefined) return
    this.#nextAt = this.#parts.clock.now()
    this.#schedule()
  }

  /** @returns false when it is not one of them */
  remove(listener: Listener): boolean {
    const pace = this.#paces.get(listener)
    if (pace === undefined) return false
    this.#paces.delete(listener)
    pace.turn.delete(listener)
    listener.index = -1
    return true
  }

  /** Called when its write has been accepted. @returns false when it is not one of them */
  drained(listener: Listener): boolean {
    if (!this.has(listener)) return false
    listener.index = 0
    this.#serveAlone(listener)
    return true
  }

  /** Whether a listener plays the format of the newest frames. */
  isOfNewest(listener: Listener): boolean {
    const { epochs } = this.#past
    return !this.#isOther(this.#paces.get(listener), epochs.newest)
  }

  get #positions(): Positions {
    return positionsOf(this.#stream.ring, this.#past.timeline)
  }

  #schedule(): void {
    if (this.#paces.size === 0) return
    const now = this.#parts.clock.now()
    this.#nextAt = Math.max(now, this.#nextAt + TURN_MS)
    this.#cancel = this.#parts.clock.after(this.#nextAt - now, this.#run)
  }

  #leastTurn(): Set<Listener> {
    return this.#turns.reduce((least, turn) => (turn.size < least.size ? turn : least))
  }

  /** Makes a listener one that is at a position now, and is to receive its lead at once. */
  #begin(pace: Pace, us: number): void {
    pace.us = us + pace.leadUs
    pace.at = this.#parts.clock.now()
    pace.isTimed = this.#stream.ring.us > 0
  }

  #serveAlone(listener: Listener): void {
    this.#serve(listener)
    this.#forgetSharedBatches()
  }

  #forgetSharedBatches(): void {
    for (const serving of this.#used) serving.forgetSharedBatch()
    this.#used.clear()
  }

  /** Writes to a listener the frames that are due. */
  #serve(listener: Listener): void {
    const pace = this.#paces.get(listener)
    if (pace === undefined || listener.index === -1) return
    const { ring } = this.#stream
    if (pace.isTimed !== ring.us > 0) this.#begin(pace, this.#positions.positionOf(listener.cursor))
    if (listener.cursor < ring.first) this.#skip(listener, pace)
    this.#write(listener, pace, this.#positions.seqAt(this.#dueUs(pace)))
    if (listener.index !== -1 && listener.cursor >= ring.next) this.#parts.caughtUp(listener)
  }

  #dueUs({ us, at }: Pace): number {
    return us + (this.#parts.clock.now() - at) * US_PER_MS
  }

  /** Writes frames up to `end`, epoch by epoch, until a write is pending. */
  #write(listener: Listener, pace: Pace, end: number): void {
    const { ring } = this.#stream
    while (this.#enter(listener, pace) && listener.index !== -1 && listener.cursor < end) {
      const epochEnd = this.#past.epochs.nextAfter(listener.cursor)?.from ?? ring.next
      if (pace.serving === undefined) return
      this.#used.add(pace.serving)
      pace.serving.serve(listener, Math.min(end, epochEnd), undefined)
    }
  }

  /** Enters the epoch of the listener's next frame. @returns false when the listener has been ended there */
  #enter(listener: Listener, pace: Pace): boolean {
    const epoch = this.#past.epochs.at(listener.cursor)
    if (pace.serving !== undefined && epoch === pace.epoch) return true
    if (this.#isOther(pace, epoch)) {
      this.#parts.end(listener, 'format changed')
      return false
    }
    pace.epoch = epoch
    pace.serving = this.#servingOf(epoch)
    return true
  }

  /** Whether a player of what the listener has got cannot continue with an epoch. */
  #isOther(pace: Pace | undefined, epoch: Epoch | undefined): boolean {
    // With -content-type, the user is responsible for the media type of all formats.
    if (pace?.serving === undefined || this.#stream.plan.ingest.contentType !== undefined) return false
    if (epoch === undefined || pace.epoch === undefined) return epoch?.isOther === true
    return pace.epoch.format.name !== epoch.format.name || this.#past.epochs.hasOther(pace.epoch.from, epoch.from)
  }

  #servingOf(epoch: Epoch | undefined): Serving {
    const { memory, clientMaxBytes } = this.#parts
    const key = epoch ?? this.#stream
    const frames = epoch === undefined ? this.#stream : new EpochFrames(this.#stream, epoch)
    const serving = this.#servings.get(key) ?? new Serving(frames, clientMaxBytes, memory, this.#ready, this.#end)
    this.#servings.set(key, serving)
    return serving
  }

  /** Moves a listener that the ring has lapped to where it would be by its pace; if that is too old, almost to the oldest frame. */
  #skip(listener: Listener, pace: Pace): void {
    const { ring, counters } = this.#stream
    const { positionOf, seqAt } = this.#positions
    const first = positionOf(ring.first)
    const least = first + Math.min(MARGIN_US, (positionOf(ring.next) - first) / 4)
    const expected = this.#dueUs(pace) - pace.leadUs
    if (expected < least) this.#begin(pace, least)
    const seq = Math.min(seqAt(Math.max(expected, least)), ring.next - 1)
    if (listener.needs === 'nothing') {
      listener.needs = 'preamble'
      listener.missedFrom = listener.cursor
    }
    if (listener.needs === 'preamble') {
      listener.framesSkipped += seq - listener.cursor
      counters.framesSkipped += seq - listener.cursor
    }
    listener.cursor = seq
    counters.laps++
  }
}
