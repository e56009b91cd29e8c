import { isDeepStrictEqual } from 'node:util'
import type { Logger } from '@logtape/logtape'
import type { NumberedFormat } from '../../filters/numbering.ts'
import type { PcmFormat } from '../../filters/pcm-format.ts'
import type { About, StreamPlan } from '../plan/stream-plan.ts'
import { Ring, sizeReaching } from '../ring/ring.ts'
import { RingMemory } from '../ring/ring-memory.ts'
import type { FallbackSource, HeardFallback } from '../source/derived/fallback.ts'
import type { Source } from '../source/source.ts'
import type { SourceClosed, SourceEvent } from '../source/supervise/source-event.ts'
import type { SourceState } from '../source/supervise/source-state.ts'
import { Supervisor, type SupervisorPolicy } from '../source/supervise/supervisor.ts'
import type { Clock } from '../system/clock.ts'
import { Emitter } from '../system/emitter.ts'
import { StreamCounters } from './counters.ts'
import type { Epochs } from './epochs.ts'
import type { FrameOutput } from './frame-output.ts'
import type { FrameWatcher } from './frame-watcher.ts'
import { type IngestOptions, StreamIngest } from './ingest.ts'
import { logEvents } from './log-events.ts'
import { samplesOf } from './samples-of.ts'
import type { StreamPast } from './served-stream.ts'
import type { StreamEvent } from './stream-event.ts'
import type { Timeline } from './timeline.ts'
import { TitleHistory } from './title-history.ts'
import { Titles } from './titles.ts'
import { WatcherList } from './watcher-list.ts'

/** Duration of segments that other servers make of a stream that has none here, in milliseconds; the default of `-hls-segment`. */
const DEFAULT_SEGMENT_MS = 6_000

/** Pause of reading while nothing reads the frames, in milliseconds, and as a part of the burst: the first listener gets it later. */
const IDLE_PAUSE_MS = 500
const IDLE_PAUSE_PART = 1 / 4

/** Options of a stream. */
export interface StreamOptions extends IngestOptions {
  /** Size of the ring, in frames; undefined: 10 s or 512 KiB, whichever is more. */
  readonly sourceBuffer: number | undefined
  /** Memory shared by the rings of all streams; undefined: the ring has memory of its own. */
  readonly memory?: RingMemory | undefined
  /** How far the ring is to reach back; undefined: as above. Its memory is its own, so that the other streams keep theirs. */
  readonly rewind?: StreamPlan['rewind']
  /** Titles within the stream are used; otherwise they are set from outside. */
  readonly ownTitles: boolean
  /** Close the source when the last listener disconnects. */
  readonly closeIdle: boolean
  readonly supervision: SupervisorPolicy
  /** Yields the frames of the source or of a fallback; undefined: the source is read itself. */
  readonly fallback?: FallbackSwitch
  /** Its source is that of another stream, which logs its events. */
  readonly isInner?: boolean
  /** Counters to continue; undefined: new ones. */
  readonly counters?: StreamCounters
}

/** The source that is read in place of the stream's own. */
interface FallbackSwitch {
  readonly source: Source & Pick<FallbackSource, 'heard' | 'useFallbacks'>
  /** A stream that only the switch reads: that of the own source. */
  readonly inner: Stream
}

/** The values that `-stat-log-interval` logs for a stream. */
export interface StreamStatistics {
  readonly listeners: number
  readonly bytesIn: number
  readonly invalidBytes: number
  readonly bytesOut: number
  /** Duration of this opening of the source, in seconds; 0 while it is closed. */
  readonly uptimeSeconds: number
}

/**
 * One live program with a path of its own: a source, a filter, a ring and the number of its listeners.
 * The source opens with the first listener; unless `closeIdle` is set it then stays open.
 */
export class Stream implements FrameOutput {
  /** Changes with `change`, and with the description by its source. */
  plan: StreamPlan
  readonly path: string
  readonly source: Source
  readonly ring: Ring
  readonly log: Logger
  /** Its events; the first subscriber is the log. */
  readonly events = new Emitter<StreamEvent>()
  /** Titles by frame. */
  readonly titles = new Titles()
  /** Titles of the past, also of frames that have left the ring. */
  readonly titleHistory = new TitleHistory()
  listeners = 0
  /** Readers that are not listeners; see `hold`. */
  #holds = 0
  /** Clients among its listeners, of all threads; streams of the program that read it are none. */
  clients = 0
  /** Totals over its whole life, without the latest of other threads; see `totals`. */
  readonly counters: StreamCounters
  /** Adds to the counters what other threads have counted since the last call. */
  recount: () => void = () => {}
  isFinished = false
  /** Resolved when there will be no more frames: with an error, unless the source has simply ended. */
  readonly finished: Promise<Error | undefined>
  /** Plan without the description by the source. */
  #ownPlan: StreamPlan
  #sourceAbout: Partial<About> = {}
  readonly #switch: FallbackSwitch | undefined
  readonly #watchers = new WatcherList(() => this.#idlePauseMs)
  readonly #clock: Clock
  /** Its time on the air is counted. */
  #isOnAir = false
  readonly #closeIdle: boolean
  readonly #ownTitles: boolean
  readonly #ingest: StreamIngest
  readonly #supervisor: Supervisor
  #settleFinished: (failure: Error | undefined) => void = () => {}

  constructor(plan: StreamPlan, source: Source, options: StreamOptions, clock: Clock, log: Logger) {
    this.plan = plan
    this.#ownPlan = plan
    this.path = plan.path
    this.source = source
    this.counters = options.counters ?? new StreamCounters()
    this.log = log.with({ stream: plan.path })
    this.#clock = clock
    this.ring = ringOf(options)
    this.#switch = options.fallback
    if (options.isInner !== true) logEvents(this.events, this.log)
    this.events.subscribe((event) => this.#count(event))
    this.#closeIdle = options.closeIdle
    this.#ownTitles = options.ownTitles
    this.finished = new Promise((resolve) => {
      this.#settleFinished = resolve
    })
    const read = options.fallback?.source ?? source
    this.#ingest = new StreamIngest(options, read.alike ? read : undefined, this, clock, this.log)
    // The events of the source are those of the stream that reads it.
    const emit = options.fallback === undefined ? (event: SourceEvent) => this.events.emit(event) : () => {}
    options.fallback?.inner.events.subscribe((event) => this.#innerEvent(event))
    this.#supervisor = new Supervisor(read, options.supervision, this.#ingest, emit, clock, this.log)
  }

  get sourceState(): SourceState {
    return this.#switch?.inner.sourceState ?? this.#supervisor.state
  }

  /** What listeners hear while the source is away; undefined: the source, silence or nothing. */
  get fallback(): HeardFallback | undefined {
    return this.#switch?.source.heard
  }

  /** Time since bytes of the source, or of a fallback, have arrived, in milliseconds; undefined: neither is open. */
  get quietMs(): number | undefined {
    const { kind, quietMs } = this.#supervisor.state
    return kind === 'open' ? quietMs : undefined
  }

  /** Format of the newest frames, with all properties that a player cannot change; undefined: there were none. */
  get formatName(): string | undefined {
    return this.#ingest.writer.formatName
  }

  /** The media type; undefined until it is known. */
  get contentType(): string | undefined {
    return this.#ingest.writer.contentType
  }

  /** Why the source's bytes are not usable, until it is opened again. */
  get refusal(): string | undefined {
    return this.#ingest.refusal
  }

  /** Description of the frames, in one line; undefined until it is known. */
  get format(): string | undefined {
    return this.#ingest.writer.format
  }

  /** Frames are pieces of bytes of an unknown format, so listeners have no reason to start before the newest. */
  get isRaw(): boolean {
    return this.#ingest.writer.isRaw
  }

  /** When false, `preamble` is always empty. */
  get hasPreambles(): boolean {
    return this.#ingest.writer.hasPreambles
  }

  /** How frames are numbered; undefined: they have no numbers. */
  get numbering(): NumberedFormat | undefined {
    return this.#ingest.writer.numbering
  }

  /** Format of the samples in the newest frames; undefined: they are not plain samples, or it is not known. */
  get samples(): PcmFormat | undefined {
    return this.#ingest.writer.samples ?? samplesOf(this)?.format
  }

  /** Bytes that every listener receives first. */
  get header(): Buffer {
    return this.#ingest.writer.header
  }

  /** The frames of the ring by time and by format. */
  get past(): StreamPast {
    return this.#ingest.writer
  }

  /** Time that listeners can go back, in milliseconds; undefined: none is configured, or there are no frames. @param now of the clock */
  reachMs(now: number): number | undefined {
    const oldest = this.plan.rewind.ms > 0 ? this.timeline.timeOf(this.ring.first) : undefined
    return oldest === undefined ? undefined : now - oldest
  }

  /** The epochs of the frames in the ring. */
  get epochs(): Epochs {
    return this.#ingest.writer.epochs
  }

  /** Positions and times of the frames in the ring. */
  get timeline(): Timeline {
    return this.#ingest.writer.timeline
  }

  /** Listeners never start before this frame: those before it are of an earlier opening of the source. */
  get joinFrom(): number {
    return this.#ingest.writer.joinFrom
  }

  get segmentMs(): number {
    return this.plan.hls?.segmentMs ?? DEFAULT_SEGMENT_MS
  }

  /** Added to the number of a frame, it gives the number for clients; see `Epoch`. */
  get seqShift(): number {
    return this.epochs.newest?.seqShift ?? 0
  }

  /** Applies options that change while the stream goes on. */
  change(plan: StreamPlan): void {
    this.#ownPlan = plan
    this.plan = { ...plan, about: mergedAbout(plan.about, this.#sourceAbout) }
    this.#switch?.source.useFallbacks(plan.fallback.paths)
    // Worker threads must notice it without a frame.
    this.watchers.chunkEnded()
  }

  /** Replaces the fallbacks by another stream, until the configuration changes. @returns false when it is to have none */
  useFallback(path: string): boolean {
    if (this.#switch === undefined) return false
    this.change({ ...this.#ownPlan, fallback: { ...this.#ownPlan.fallback, paths: [path] } })
    return true
  }

  described(about: Partial<About>): void {
    if (isDeepStrictEqual(about, this.#sourceAbout)) return
    this.#sourceAbout = about
    this.change(this.#ownPlan)
  }

  /** Opens the source if it is not open; that of a finished stream stays closed. */
  start(): void {
    if (!this.isFinished) this.#supervisor.start()
  }

  /** Closes the source; resolved when it is closed. */
  stop(why: string): Promise<void> {
    this.#ingest.stop()
    return this.#supervisor.stop(why)
  }

  /** Sets the title from the next frame on; empty when it is unknown. */
  setTitle(title: string): void {
    if (!this.titles.set(title, this.ring.next, this.ring.first)) return
    this.titleHistory.add(title, this.#clock.now())
    this.events.emit({ kind: 'title changed', title })
  }

  played(title: string): void {
    if (this.#ownTitles) this.setTitle(title)
  }

  /** Notifies all watchers. */
  get watchers(): FrameWatcher {
    return this.#watchers.all
  }

  /** Adds an observer of the stream's frames; see `WatcherList.add`. @returns removes it */
  watch(watcher: FrameWatcher, order: 'first' | 'last' = 'last'): () => void {
    this.readOn()
    return this.#watchers.add(watcher, order)
  }

  readOn(): void {
    this.#ingest.readOn()
  }

  listenerCame(): void {
    this.listeners++
    this.counters.joins++
    this.counters.listening.begin(this.#clock.now())
    this.counters.listenerPeak = Math.max(this.counters.listenerPeak, this.listeners)
    this.start()
  }

  listenerLeft(): void {
    this.listeners--
    this.counters.listening.end(this.#clock.now())
    this.#left()
  }

  /** Whether it has listeners, or other readers for which the source is kept open. */
  get isWanted(): boolean {
    return this.listeners > 0 || this.#holds > 0
  }

  /** Keeps the source open as a listener does, without being one. @returns ends that; further calls do nothing */
  hold(): () => void {
    this.#holds++
    this.start()
    let isHeld = true
    return () => {
      if (isHeld) this.#holds--
      if (isHeld) this.#left()
      isHeld = false
    }
  }

  #left(): void {
    if (!this.isWanted && this.#closeIdle) void this.#closeIdleSource()
    this.#clearWhenOver()
  }

  /** A source that is not to be opened again has ended for good with its last listener. */
  async #closeIdleSource(): Promise<void> {
    await this.stop('no listeners')
    if (!this.plan.supervision.reopen && !this.isWanted && !this.isFinished) this.finish(undefined)
  }

  /** Bytes to send before frame `at` to a listener that did not get the frame before; null when it cannot start there. */
  preamble(at: number, joining: boolean, missedFrom: number): Buffer | null {
    return this.#ingest.writer.preamble(at, joining, missedFrom)
  }

  /** The counters of all threads, up to date. */
  totals(): Readonly<StreamCounters> {
    this.recount()
    return this.counters
  }

  statistics(): StreamStatistics {
    const { bytesIn, invalidBytes, bytesOut } = this.totals()
    return { listeners: this.listeners, bytesIn, invalidBytes, bytesOut, uptimeSeconds: this.#ingest.uptimeSeconds }
  }

  /** Marks the stream as finished: the source has ended, or failed for good. */
  finish(failure: Error | undefined): void {
    this.isFinished = true
    this.watchers.streamFinished()
    this.#settleFinished(failure)
    this.#clearWhenOver()
  }

  /** Without a burst, the first listener is to have the newest frame. */
  get #idlePauseMs(): number {
    const { burstMs } = this.plan.delivery
    return burstMs === undefined ? (this.isRaw ? 0 : IDLE_PAUSE_MS) : Math.min(IDLE_PAUSE_MS, burstMs * IDLE_PAUSE_PART)
  }

  #innerEvent(event: StreamEvent): void {
    if (event.kind.startsWith('source ') || event.kind === 'format found') this.events.emit(event)
  }

  #count(event: StreamEvent): void {
    if (event.kind === 'source opened') this.#countOpening()
    else if (event.kind === 'source closed') this.#countEnd(event)
    else if (event.kind === 'title changed') this.counters.titleChanges++
    else if (event.kind === 'listener connected') this.clients++
    else if (event.kind === 'listener disconnected') this.clients--
    else if (event.kind === 'listeners lost') this.clients -= event.count
  }

  #countOpening(): void {
    this.counters.openings++
    this.#isOnAir = true
    this.counters.onAir.begin(this.#clock.now())
  }

  #countEnd({ cause }: SourceClosed): void {
    const { counters } = this
    if (cause !== undefined) {
      counters.failures++
      counters.failuresByCause[cause]++
    }
    if (this.#isOnAir) counters.onAir.end(this.#clock.now())
    this.#isOnAir = false
  }

  /** Frees the ring once the stream is finished and its last listener has received its frames. */
  #clearWhenOver(): void {
    if (this.isFinished && !this.isWanted) this.ring.clear()
  }
}

function ringOf({ sourceBuffer, memory, rewind = { ms: 0, bytes: 0 } }: StreamOptions): Ring {
  if (sourceBuffer !== undefined) return new Ring({ frames: sourceBuffer })
  return new Ring(sizeReaching(rewind.ms), rewind.ms > 0 ? new RingMemory(rewind.bytes) : memory)
}

/** Returns a description by the operator, with the source's where the operator's has none. */
function mergedAbout(own: About, other: Partial<About>): About {
  return {
    name: own.name ?? other.name,
    description: own.description ?? other.description,
    genre: own.genre ?? other.genre,
    url: own.url ?? other.url,
  }
}
