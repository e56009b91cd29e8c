import type { Logger } from '@logtape/logtape'
import type { Frame } from '../../filters/frame-filter.ts'
import type { NumberedFormat } from '../../filters/numbering.ts'
import type { Ring } from '../ring/ring.ts'
import { SourceError } from '../source/source.ts'
import type { Ingest, Yield } from '../source/supervise/ingest.ts'
import { type Clock, pause } from '../system/clock.ts'
import type { Emitter } from '../system/emitter.ts'
import type { StreamCounters } from './counters.ts'
import { type Alike, createFormatGuard, isRaw } from './format-guard.ts'
import type { FrameWatcher } from './frame-watcher.ts'
import { beginOpening, makeFilter, type Opening, type OpeningOptions } from './opening-session.ts'
import { readPauseMs } from './read-pause.ts'
import { createRealTime } from './real-time.ts'
import { createSilence } from './silence.ts'
import type { StreamEvent } from './stream-event.ts'

const NOTHING = Buffer.alloc(0)
const NO_FRAME: Frame = { bytes: NOTHING, durationUs: 0 }

/** Ingest options of a stream. */
export interface IngestOptions extends OpeningOptions {
  /** The media type to announce; undefined: the filter's. */
  readonly contentType: string | undefined
  /** Output for listeners while the source is away. */
  readonly fill: 'nothing' | 'silence'
  /** Frames are emitted in real time, however fast the source yields them, and openings follow one another. */
  readonly inTime: boolean
  /** With `inTime`: lead of the listeners from the beginning on, in milliseconds. */
  readonly aheadMs: number
}

/** Destination of frames and of what is known about them. */
export interface FrameOutput {
  readonly ring: Ring
  /** Notifies all watchers of the stream. */
  readonly watchers: FrameWatcher
  readonly listeners: number
  readonly counters: StreamCounters
  readonly events: Emitter<StreamEvent>
  /** The stream itself names the title that plays from the next frame on. */
  played(title: string): void
  finish(failure: Error | undefined): void
}

/**
 * Ingests a source's bytes, opening by opening, and puts the frames into a ring.
 *
 * ```
 *   opening 1  [f][f][f]                     opening 2  [f][f] ...
 *   ring       [f][f][f][silence][silence][silence][f][f]
 *                      '-- joinFrom: earlier frames are of another time, unless openings follow one another
 * ```
 */
export class StreamIngest implements Ingest {
  /** Bytes that every listener receives first. */
  header: Buffer = NOTHING
  /** Listeners never start before this frame: those before it are of an earlier opening of the source. */
  joinFrom = 0
  contentType: string | undefined
  /** Why the bytes of the last opening were not usable; undefined during the next opening. */
  refusal: string | undefined
  readonly #options: IngestOptions
  readonly #outlet: FrameOutput
  readonly #clock: Clock
  readonly #log: Logger
  readonly #isAlike: boolean
  readonly #guard
  readonly #realTime
  readonly #silence
  /** The last opening; it has ended when the source is not open. */
  #opening: Opening | undefined
  /** The opening that yielded the newest frame. */
  #playing: Opening | undefined
  #isOpen = false
  /** Skipped bytes of this opening that are counted. */
  #skippedBytes = 0
  #signal = AbortSignal.abort()
  /**
   * State of this opening: number of frames, their duration in microseconds, frames not due yet, reason of a refusal, and
   * title.
   */
  #frames = 0
  #us = 0
  #waiting: Frame[] = []
  #refusal: string | undefined
  #title: string | undefined

  /** @param alike openings of another format than the previous one are refused; see `createFormatGuard`. */
  constructor(options: IngestOptions, alike: Alike | undefined, outlet: FrameOutput, clock: Clock, log: Logger) {
    this.#options = options
    this.#outlet = outlet
    this.#clock = clock
    this.#log = log
    this.#isAlike = alike !== undefined
    this.#guard = createFormatGuard(alike)
    const out = (frame: Frame) => this.#emit(frame)
    this.#realTime = createRealTime(options.aheadMs, clock, out, () => this.#chunkEnded())
    this.#silence = createSilence(this.#realTime, log)
    // The filter's media type before the first byte; undefined when the filter must detect it.
    this.contentType = options.contentType ?? makeFilter(options).contentType
  }

  /** Frames are pieces of bytes of an unknown format. */
  get isRaw(): boolean {
    return isRaw((this.#playing ?? this.#opening)?.checked.filter)
  }

  /** Description of the frames, in one line; undefined until it is known. */
  get format(): string | undefined {
    const filter = this.#playing?.checked.filter
    return filter?.description ?? filter?.format
  }

  /** When false, `preamble` is always empty. */
  get hasPreambles(): boolean {
    return this.#playing?.checked.filter.preamble !== undefined
  }

  /** How frames are numbered; undefined: they have no numbers. */
  get numbering(): NumberedFormat | undefined {
    return this.#playing?.checked.filter.numbering
  }

  get hasListeners(): boolean {
    return this.#outlet.listeners > 0
  }

  /** Duration of this opening of the source, in seconds; 0 while it is closed. */
  get uptimeSeconds(): number {
    return this.#isOpen && this.#opening !== undefined ? this.#opening.age() : 0
  }

  /** Bytes to send before frame `at` to a listener that did not get the frame before; null when it cannot start there. */
  preamble(at: number, joining: boolean, missedFrom: number): Buffer | null {
    const { ring } = this.#outlet
    return this.#playing === undefined ? NOTHING : this.#playing.checked.preamble(at, ring, joining, missedFrom)
  }

  opened(signal: AbortSignal): void {
    this.#skippedBytes = 0
    this.#signal = signal
    this.#frames = 0
    this.#us = 0
    this.#refusal = undefined
    this.#title = undefined
    this.refusal = undefined
    this.#opening = undefined
    const came = (frame: Frame) => this.#came(frame)
    const settled = () => this.#chunkEnded()
    const { ring, events } = this.#outlet
    this.#opening = beginOpening(this.#options, ring, came, settled, events, this.#clock, this.#log)
    this.#isOpen = true
    // Worker threads must notice that the refusal is cleared.
    this.#outlet.watchers.chunkEnded()
  }

  titled(title: string): void {
    this.#title = title
  }

  chunk(bytes: Buffer): Promise<void> | undefined {
    this.#outlet.counters.bytesIn += bytes.length
    this.#opening?.take(bytes)
    this.#countSkipped()
    const filter = this.#opening?.checked.filter
    const why = filter?.failure ?? this.#refusal ?? filter?.refusal
    if (why !== undefined) throw new SourceError(why)
    if (this.#options.inTime) return this.#playWaiting()
    this.#chunkEnded()
    const pauseMs = readPauseMs(this.#outlet.ring, this.#outlet.watchers.pauseMs)
    return pauseMs === 0 ? undefined : pause(this.#clock, pauseMs, this.#signal)
  }

  async closed(): Promise<Yield> {
    this.#opening?.checked.end()
    this.#countSkipped()
    if (this.#options.inTime) await this.#playWaiting()
    this.#isOpen = false
    this.#chunkEnded()
    this.#outlet.watchers.openingEnded()
    if (!this.#options.inTime) this.joinFrom = this.#outlet.ring.next
    const filter = this.#opening?.checked.filter
    // An opening whose filter has failed is retried; bytes that a filter refuses are not for its listeners.
    const refusal = filter?.failure === undefined ? filter?.refusal : undefined
    const why = filter?.failure ?? refusal
    const failure = why === undefined ? undefined : new SourceError(why)
    // A refused file in a list is skipped.
    if (refusal !== undefined && !this.#isAlike) this.#refuse(refusal)
    return { frames: this.#frames, paced: this.#options.inTime && this.#us > 0, failure }
  }

  /** Counts bytes that the filter has skipped. A filter may take some back, which a counter cannot. */
  #countSkipped(): void {
    const more = (this.#opening?.checked.filter.skippedBytes ?? 0) - this.#skippedBytes
    if (more <= 0) return
    this.#skippedBytes += more
    this.#outlet.counters.invalidBytes += more
  }

  #refuse(why: string): void {
    this.refusal = why
    this.#outlet.watchers.sourceRefused(why)
  }

  away(): void {
    const { ring } = this.#outlet
    // The format of samples is known before the first byte; other formats only by their first frame.
    const opening = this.#playing ?? (this.#options.filterOptions.byteUs > 0 ? this.#opening : undefined)
    if (this.#options.fill === 'nothing' || opening === undefined) return
    if (!this.#options.inTime) this.#realTime.restart(0)
    this.#silence.start(opening.checked.filter, ring.at(ring.next - 1) ?? NO_FRAME)
  }

  finished(failure: Error | undefined): void {
    // In a list that is played once, a file that cannot be played is skipped, even the last one.
    const isPassedOver = this.#isAlike && this.#outlet.ring.next > 0
    this.#outlet.finish(isPassedOver ? undefined : failure)
  }

  /** Stops silence, because the source is not wanted any more. */
  stop(): void {
    this.#silence.stop()
  }

  #came(frame: Frame): void {
    if (this.#frames === 0) this.#firstFrame(frame)
    if (this.#refusal !== undefined) return
    this.#frames++
    this.#us += frame.durationUs
    if (this.#options.inTime) this.#waiting.push(frame)
    else this.#emit(frame)
  }

  /** Handles the first frame of an opening. All frames of earlier openings are in the ring. */
  #firstFrame(frame: Frame): void {
    if (this.#refusal !== undefined || this.#opening === undefined) return
    const { isOther, refusal } = this.#guard.judge(this.#opening.checked.filter, frame)
    this.#refusal = refusal
    if (refusal !== undefined) return
    this.#silence.stop()
    this.#playing = this.#opening
    this.#nameType()
    const header = this.#opening.header ?? NOTHING
    if (isOther || header.length > 0) this.joinFrom = this.#outlet.ring.next
    this.header = header
    // A format with titles of its own has one in its first frame.
    if (this.#title !== undefined && !frame.title) this.#outlet.played(this.#title)
    if (isOther) this.#outlet.events.emit({ kind: 'format changed', format: this.format })
    // With -content-type, the user is responsible for the media type of all openings.
    if (isOther && this.#options.contentType === undefined) this.#outlet.watchers.formatChanged()
  }

  #emit(frame: Frame): void {
    const { ring, watchers } = this.#outlet
    if (frame.isOtherFormat === true) this.#formatChanged()
    if (frame.title !== undefined) this.#outlet.played(frame.title)
    ring.push(frame)
    watchers.frameCame(frame.bytes.length)
  }

  /** Handles a change of format within an opening, from the next frame on. */
  #formatChanged(): void {
    const { ring, watchers, events } = this.#outlet
    events.emit({ kind: 'format changed', format: this.format })
    this.joinFrom = ring.next
    // Listeners first receive the end of the old format.
    watchers.openingEnded()
    if (this.#options.contentType === undefined) watchers.formatChanged()
  }

  #playWaiting(): Promise<void> {
    return this.#realTime.play(this.#waiting.splice(0), this.#signal)
  }

  #chunkEnded(): void {
    this.#nameType()
    this.#outlet.watchers.chunkEnded()
  }

  #nameType(): void {
    const found = this.#options.contentType ?? this.#playing?.checked.filter.contentType
    if (found !== undefined) this.contentType = found
  }
}
