import type { Logger } from '@logtape/logtape'
import type { NumberedFormat } from '../../filters/numbering.ts'
import type { StreamPlan } from '../plan/stream-plan.ts'
import { ELASTIC_SIZE, Ring } from '../ring/ring.ts'
import type { RingMemory } from '../ring/ring-memory.ts'
import type { FrameWatcher } from '../stream/frame-watcher.ts'
import { logEvents } from '../stream/log-events.ts'
import type { ServedStream } from '../stream/served-stream.ts'
import type { ListenerEvent } from '../stream/stream-event.ts'
import { Titles } from '../stream/titles.ts'
import { WatcherList } from '../stream/watcher-list.ts'
import { Emitter } from '../system/emitter.ts'
import { SharedCounters } from './counts.ts'
import { createJoinPoints, type JoinPoints } from './join-points.ts'
import type { JoinPoint, NewsEvent, Report, StreamState, StreamUpdate, WholeStream } from './messages.ts'

const NOTHING = Buffer.alloc(0)

/**
 * A stream whose source is read by another thread: its ring has the same frames, with the same numbers, in shared memory. It
 * requests from the main thread what only the filter knows.
 */
export class Replica implements ServedStream {
  readonly id: number
  readonly ring: Ring
  readonly titles = new Titles()
  readonly log: Logger
  /** Events of the listeners of this thread. They are logged here, and posted to the main thread. */
  readonly events = new Emitter<ListenerEvent>()
  /** The main thread adds them to those of the stream. */
  readonly counters: SharedCounters
  isFinished = false
  /** Listeners that go back are served by the main thread. */
  readonly past = undefined
  readonly #watchers = new WatcherList()
  readonly #post: (report: Report) => void
  readonly #joinPoints: JoinPoints
  #state: StreamState
  #header: Buffer = NOTHING
  #listeners = 0

  /**
   * @param memory the newest segment.
   * @param ringMemory shared with the other rings of this thread.
   * @param post posts to the main thread.
   */
  constructor(
    { size, news, counts }: WholeStream,
    memory: SharedArrayBuffer,
    ringMemory: RingMemory,
    post: (report: Report) => void,
    log: Logger,
  ) {
    const { id } = news
    this.id = id
    this.log = log
    logEvents(this.events, log)
    this.events.subscribe((event) => post({ kind: 'event', id, event }))
    this.ring = new Ring(size, ringMemory)
    this.ring.restart(news.from)
    this.#post = post
    this.#joinPoints = createJoinPoints((request) => post({ kind: 'join', id, request }))
    this.counters = new SharedCounters(counts)
    this.#state = news.state
    this.take(news, memory)
    this.isFinished = news.state.isFinished
  }

  get plan(): StreamPlan {
    return this.#state.plan
  }

  get contentType(): string | undefined {
    return this.#state.contentType
  }

  get isRaw(): boolean {
    return this.#state.isRaw
  }

  get numbering(): NumberedFormat | undefined {
    return this.#state.numbering
  }

  get refusal(): string | undefined {
    return this.#state.refusal
  }

  get header(): Buffer {
    return this.#header
  }

  get joinFrom(): number {
    return this.#state.joinFrom
  }

  get seqShift(): number {
    return this.#state.seqShift
  }

  watch(watcher: FrameWatcher, order: 'first' | 'last' = 'last'): () => void {
    return this.#watchers.add(watcher, order)
  }

  /** The main thread does not pause for those of other threads. */
  readOn(): void {}

  listenerCame(): void {
    this.#listeners++
    this.#post({ kind: 'came', id: this.id })
  }

  listenerLeft(): void {
    this.#listeners--
    this.#clearWhenOver()
    this.#post({ kind: 'left', id: this.id })
  }

  preamble(at: number, joining: boolean, missedFrom: number): Buffer | null | undefined {
    return this.#state.hasPreambles ? this.#joinPoints.find(at, joining, missedFrom) : NOTHING
  }

  /** Handles the answer to a request. */
  begin(joinPoint: JoinPoint): void {
    this.#joinPoints.take(joinPoint)
  }

  /** @param memory the newest segment. */
  take(
    { from, offset, lengths, durations, ringBytes, state, titles, event }: StreamUpdate,
    memory: SharedArrayBuffer,
  ): void {
    if (state !== undefined) {
      this.#state = state
      const { buffer, byteOffset, length } = state.header
      this.#header = Buffer.from(buffer, byteOffset, length)
    }
    if (titles !== undefined) this.titles.replace(titles)
    if (lengths.length > 0) this.#push(from, memory, offset, lengths, durations)
    if (this.ring.us === 0) this.ring.keepBytes(Math.max(ELASTIC_SIZE.bytes, ringBytes))
    if (event !== undefined) this.#tell(event)
  }

  /** Hot path. */
  #push(from: number, memory: SharedArrayBuffer, offset: number, lengths: Uint32Array, durations: Float64Array): void {
    // This thread was too slow for some frames; listeners that miss them have been lapped.
    if (from !== this.ring.next) this.ring.restart(from)
    let at = offset
    for (let i = 0; i < lengths.length; i++) {
      const length = lengths[i] ?? 0
      this.ring.push({ bytes: Buffer.from(memory, at, length), durationUs: durations[i] ?? 0 })
      this.#watchers.all.frameCame(length)
      at += length
    }
    this.#watchers.all.chunkEnded()
  }

  #tell(event: NewsEvent): void {
    if (event === 'opening ended') this.#watchers.all.openingEnded()
    if (event === 'format changed') this.#watchers.all.formatChanged()
    if (event === 'source refused') this.#watchers.all.sourceRefused(this.refusal ?? '')
    if (event !== 'finished') return
    this.isFinished = true
    this.#watchers.all.streamFinished()
    this.#clearWhenOver()
  }

  /** Frees the ring of an ended stream once its last listener has disconnected. */
  #clearWhenOver(): void {
    if (this.isFinished && this.#listeners === 0) this.ring.clear()
  }
}
