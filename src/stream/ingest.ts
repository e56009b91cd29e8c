import type { Logger } from '@logtape/logtape'
import type { Frame } from '../../filters/frame-filter.ts'
import type { About } from '../plan/stream-plan.ts'
import { SourceError, type SourcePeer } from '../source/source.ts'
import type { Ingest, Yield } from '../source/supervise/ingest.ts'
import type { Clock } from '../system/clock.ts'
import type { FrameReceiver } from './checked-filter.ts'
import { FeederSwitch } from './feeder.ts'
import { type Alike, createFormatGuard } from './format-guard.ts'
import type { FrameOutput } from './frame-output.ts'
import { FramePace, type PaceOptions } from './frame-pace.ts'
import { makeFilter, type OpeningOptions, OpeningSession } from './opening-session.ts'
import { RingWriter } from './ring-writer.ts'
import { Silence } from './silence.ts'

/** Ingest options of a stream. */
export interface IngestOptions extends OpeningOptions, PaceOptions {
  /** The media type to announce; undefined: the filter's. */
  readonly contentType: string | undefined
  /** Output for listeners while the source is away. */
  readonly fill: 'nothing' | 'silence'
  /** Its frames go to other servers, which are to have the same positions and numbers: each epoch has a mark. */
  readonly marksEpochs?: boolean
  /** An opening without a known format is refused after one that has one. */
  readonly refusesRaw?: boolean
  /** Whether the next opening goes on where the last one has ended; undefined: openings are of different times. */
  readonly goesOn?: () => boolean
}

/** Signal of an ingest that is not open: shared, because each abort has an error with a stack. */
const NOT_OPEN = AbortSignal.abort()

/**
 * Ingests a source's bytes, opening by opening, and puts the frames into a ring.
 *
 * ```
 *   opening 1  [f][f][f]                     opening 2  [f][f] ...
 *   ring       [f][f][f][silence][silence][silence][f][f]
 *                      '-- joinFrom: earlier frames are of another time, unless openings follow one another
 * ```
 */
export class StreamIngest implements Ingest, FrameReceiver {
  readonly writer: RingWriter
  /** Why the bytes of the last opening were not usable; undefined during the next opening. */
  refusal: string | undefined
  readonly #options: IngestOptions
  readonly #output: FrameOutput
  readonly #createOpening: () => OpeningSession
  readonly #isAlike: boolean
  readonly #guard
  readonly #pace: FramePace
  readonly #feeders: FeederSwitch
  /** The last opening; it has ended when the source is not open. */
  #opening: OpeningSession | undefined
  #isOpen = false
  #signal = NOT_OPEN

  /** @param alike openings of another format than the previous one are refused; see `createFormatGuard`. */
  constructor(options: IngestOptions, alike: Alike | undefined, output: FrameOutput, clock: Clock, log: Logger) {
    this.#options = options
    this.#output = output
    this.#createOpening = () => new OpeningSession(options, output, this, clock, log)
    this.#isAlike = alike !== undefined
    this.#guard = createFormatGuard(alike, options.refusesRaw)
    // The filter's media type before the first byte; undefined when the filter must detect it.
    this.writer = new RingWriter(output, options, makeFilter(options).contentType, clock)
    this.#pace = new FramePace(options, this.writer, clock)
    const silence = () => new Silence(this.#pace.realTime, options.inTime, log)
    this.#feeders = new FeederSwitch(options.fill === 'silence' ? [silence()] : [])
  }

  get hasListeners(): boolean {
    return this.#output.isWanted
  }

  /** Duration of this opening of the source, in seconds; 0 while it is closed. */
  get uptimeSeconds(): number {
    return this.#isOpen && this.#opening !== undefined ? this.#opening.age() : 0
  }

  opened(signal: AbortSignal): void {
    this.#signal = signal
    signal.addEventListener('abort', () => this.#pace.endPause())
    this.refusal = undefined
    this.#opening = undefined
    this.#opening = this.#createOpening()
    this.writer.opened(this.#opening)
    this.#isOpen = true
    // Worker threads must notice that the refusal is cleared.
    this.#output.watchers.chunkEnded()
  }

  titled(title: string): void {
    const opening = this.#opening
    if (opening === undefined) return
    // The first frame of an opening takes its title with it.
    if (opening.frames > 0) this.#output.played(title)
    else opening.title = title
  }

  connected(peer: SourcePeer): void {
    this.writer.likelyType = peer.contentType
    this.described(peer.about ?? {})
  }

  described(about: Partial<About>): void {
    this.#output.described(about)
  }

  chunk(bytes: Buffer): Promise<void> | undefined {
    const opening = this.#opening
    if (opening === undefined) return undefined
    opening.take(bytes)
    if (opening.fault !== undefined) throw new SourceError(opening.fault)
    return this.#pace.chunkEnded(this.#signal)
  }

  /** See `ServedStream.readOn`. */
  readOn(): void {
    this.#pace.readOn()
  }

  async closed(): Promise<Yield> {
    const opening = this.#opening
    opening?.end()
    await this.#pace.openingEnded(this.#signal)
    this.#isOpen = false
    this.#output.watchers.openingEnded()
    const { inTime, goesOn } = this.#options
    if (!inTime && goesOn?.() !== true) this.writer.joinFrom = this.writer.ring.next
    // A refused file in a list is skipped.
    this.refusal = this.#isAlike ? undefined : opening?.refusedBytes
    if (this.refusal !== undefined) this.#output.watchers.sourceRefused(this.refusal)
    return opening?.result(inTime) ?? { frames: 0, paced: false }
  }

  away(): void {
    const { end } = this.writer
    // The format of samples is known before the first byte; other formats only by their first frame.
    if (end !== undefined && (this.writer.hasFrames || this.#options.filterOptions.byteUs > 0)) this.#feeders.away(end)
  }

  finished(failure: Error | undefined): void {
    // In a list that is played once, a file that cannot be played is skipped, even the last one.
    const isPassedOver = this.#isAlike && this.writer.hasFrames
    this.#output.finish(isPassedOver ? undefined : failure)
  }

  /** Stops what is written in place of the source, because the source is not wanted any more. */
  stop(): void {
    this.#feeders.back()
    this.#pace.realTime.rest()
  }

  take(frame: Frame): void {
    const opening = this.#opening
    if (opening === undefined) return
    if (opening.frames === 0) this.#begin(opening, frame)
    if (opening.refusal !== undefined) return
    opening.frames++
    opening.us += frame.durationUs
    this.#pace.take(frame)
  }

  settled(): void {
    this.writer.chunkEnded()
  }

  /** Handles the first frame of an opening. All frames of earlier openings are in the ring. */
  #begin(opening: OpeningSession, frame: Frame): void {
    if (opening.refusal !== undefined) return
    const { isOther, refusal } = this.#guard.judge(opening.checked.filter, frame, opening.hasEnded)
    opening.refusal = refusal
    if (refusal !== undefined) return
    this.#feeders.back()
    this.writer.begin(opening, isOther)
    if (this.#options.isReported !== true)
      this.#output.events.emit({ kind: 'source on air', format: this.writer.format })
    // A format with titles of its own has one in its first frame.
    if (opening.title !== undefined && !frame.title) this.#output.played(opening.title)
    if (isOther) this.writer.formatChanged()
  }
}
