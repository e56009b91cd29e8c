import type { Logger } from '@logtape/logtape'
import type { CreateFilter, FilterOptions } from '../../filters/frame-filter.ts'
import { GuardedFilter } from '../../filters/guarded-filter.ts'
import type { Ring } from '../ring/ring.ts'
import { SourceError } from '../source/source.ts'
import type { Yield } from '../source/supervise/ingest.ts'
import type { Clock } from '../system/clock.ts'
import { CheckedFilter, type FrameReceiver } from './checked-filter.ts'
import type { FrameOutput } from './frame-output.ts'
import { createHeaderCutter, type HeaderCutter } from './header-cutter.ts'
import { createRateMeter, type RateMeter } from './rate-meter.ts'

/** Filter and header options of an opening. */
export interface OpeningOptions {
  /** The filter's name or file, for messages. */
  readonly filterName: string
  readonly createFilter: CreateFilter
  readonly filterOptions: FilterOptions
  /** Size of the header that begins each opening of the source and goes first to every listener, in bytes. */
  readonly headerBytes: number
  /** Its openings are reported by another stream. */
  readonly isReported?: boolean
}

const UNHEARD = { emit: () => {} }

/** One opening of a stream's source: its header is removed, and the rest goes through a filter of its own. */
export class OpeningSession {
  readonly checked: CheckedFilter
  /** Number of frames, and their duration in microseconds. */
  frames = 0
  us = 0
  /** It takes no more chunks. */
  hasEnded = false
  /** Title of its content, from the source; undefined: none is known. */
  title: string | undefined
  /** Why its format is refused; undefined: it is not. */
  refusal: string | undefined
  readonly #output: FrameOutput
  readonly #clock: Clock
  readonly #beganAt: number
  readonly #cutter: HeaderCutter
  readonly #meter: RateMeter
  /** Skipped bytes that have been counted. */
  #skippedBytes = 0

  constructor(options: OpeningOptions, output: FrameOutput, receiver: FrameReceiver, clock: Clock, log: Logger) {
    this.#output = output
    this.#clock = clock
    this.#beganAt = clock.now()
    this.#cutter = createHeaderCutter(options.headerBytes)
    this.#meter = createRateMeter(clock)
    const events = options.isReported === true ? UNHEARD : output.events
    this.checked = new CheckedFilter(makeFilter(options, output.ring), receiver, events, clock, log)
  }

  /** The header; undefined until it is complete. */
  get header(): Buffer | undefined {
    return this.#cutter.header
  }

  /** Why its bytes are not usable; undefined: no problem is known. */
  get fault(): string | undefined {
    const { failure, refusal } = this.checked.filter
    return failure ?? this.refusal ?? refusal
  }

  /** Why the filter refuses the bytes, which then are not for its listeners; undefined: it does not, or it has failed itself. */
  get refusedBytes(): string | undefined {
    const { failure, refusal } = this.checked.filter
    return failure === undefined ? refusal : undefined
  }

  /** Takes a chunk. @throws the errors of third-party filters */
  take(chunk: Buffer): void {
    const { ring, counters } = this.#output
    counters.bytesIn += chunk.length
    const rate = this.#meter.add(chunk.length)
    if (rate !== undefined && ring.us === 0) ring.keepRate(rate)
    const bytes = this.#cutter.cut(chunk)
    if (bytes.length > 0) this.checked.push(bytes)
    this.#countSkipped()
  }

  /** Takes no more chunks: the filter emits what it has held back. */
  end(): void {
    this.hasEnded = true
    this.checked.end()
    this.#countSkipped()
  }

  /** What it has yielded until its end. @param inTime its frames were emitted in real time */
  result(inTime: boolean): Yield {
    const { failure, refusal } = this.checked.filter
    const why = failure ?? refusal
    return {
      frames: this.frames,
      paced: inTime && this.us > 0,
      failure: why === undefined ? undefined : new SourceError(why),
    }
  }

  /** Time since it began, in seconds. */
  age(): number {
    return (this.#clock.now() - this.#beganAt) / 1000
  }

  /** A filter may take skipped bytes back, which a counter cannot. */
  #countSkipped(): void {
    const more = Math.max(0, this.checked.filter.skippedBytes - this.#skippedBytes)
    this.#skippedBytes += more
    this.#output.counters.invalidBytes += more
  }
}

/**
 * Makes a filter whose failures end one opening at most.
 * @param ring the frames of earlier openings; undefined: there are none.
 * @throws FilterLoadError when a user's filter cannot be created
 */
export function makeFilter({ filterName, createFilter, filterOptions }: OpeningOptions, ring?: Ring): GuardedFilter {
  return new GuardedFilter(filterName, createFilter(ring === undefined ? filterOptions : { ...filterOptions, ring }))
}
