import type { Logger } from '@logtape/logtape'
import type { Frame } from '../../filters/frame-filter.ts'
import type { Clock } from '../clock.ts'
import { ELASTIC_SIZE, Ring } from '../ring/ring.ts'
import type { Source } from '../source/source.ts'
import { createSupervisor, type Supervisor, type SupervisorPolicy } from '../source/supervisor.ts'
import type { FrameWatcher } from './frame-watcher.ts'
import { beginOpening, type Opening, type OpeningOptions } from './opening.ts'
import { Titles } from './titles.ts'

const NOTHING = Buffer.alloc(0)
const RAW_TYPE = 'application/octet-stream'

/** How a stream is made of a source. */
export interface StreamOptions extends OpeningOptions {
  /** The media type to announce; undefined: the filter's. */
  readonly contentType: string | undefined
  /** Slots of the ring, in frames; undefined: as many as 10 s or 512 KiB take. */
  readonly sourceBuffer: number | undefined
  /** Close the source when the last listener leaves. */
  readonly closeIdle: boolean
  readonly supervision: SupervisorPolicy
}

/** What `-stat-log-interval` logs of a stream. */
export interface StreamStatistics {
  readonly listeners: number
  readonly bytesIn: number
  readonly invalidBytes: number
  readonly bytesOut: number
  /** Of this opening of the source, in seconds; 0 while it is closed. */
  readonly uptimeSeconds: number
}

/**
 * One live program with a path of its own: a source, a filter, a ring and the number of its listeners.
 * The source opens with the first listener; unless `closeIdle` is set it then stays open.
 */
export class Stream {
  readonly path: string
  readonly ring: Ring
  readonly log: Logger
  /** What is playing, frame by frame. */
  readonly titles = new Titles()
  /** What every listener gets first. */
  header: Buffer = Buffer.alloc(0)
  /** Nobody starts before this frame: those before it are of an earlier opening of the source. */
  joinFrom = 0
  listeners = 0
  /** Bytes that were given to listeners. */
  bytesOut = 0
  isFinished = false
  /** Settled when no frame will come any more: with the reason, if it is not that the source has ended. */
  readonly finished: Promise<Error | undefined>
  watcher: FrameWatcher | undefined
  readonly #options: StreamOptions
  readonly #clock: Clock
  readonly #supervisor: Supervisor
  /** The last one; it is over when the source is not open. */
  #opening: Opening | undefined
  #isOpen = false
  #contentType: string | undefined
  /** The media type of the last frame, whatever is announced. */
  #format: string | undefined
  #bytesIn = 0
  #skippedBefore = 0
  #settleFinished: (failure: Error | undefined) => void = () => {}

  constructor(path: string, source: Source, options: StreamOptions, clock: Clock, log: Logger) {
    this.path = path
    this.log = log.with({ stream: path })
    this.ring = new Ring(options.sourceBuffer === undefined ? ELASTIC_SIZE : { frames: options.sourceBuffer })
    this.#options = options
    this.#clock = clock
    this.finished = new Promise((resolve) => {
      this.#settleFinished = resolve
    })
    // What a filter says before it has seen a byte, or undefined when it must look first.
    this.#contentType = options.contentType ?? options.createFilter(options.filterOptions).contentType
    const intake = {
      opened: () => this.#open(),
      chunk: (bytes: Buffer) => this.#take(bytes),
      closed: () => this.#close(),
      finished: (failure: Error | undefined) => this.#finish(failure),
    }
    this.#supervisor = createSupervisor(source, options.supervision, intake, clock, this.log)
  }

  /** The media type; undefined as long as it is not known. */
  get contentType(): string | undefined {
    return this.#contentType
  }

  /** Frames are pieces of bytes that nothing is known about, so that nothing speaks for starting before the newest. */
  get isRaw(): boolean {
    return (this.#filter?.contentType ?? RAW_TYPE) === RAW_TYPE
  }

  /** Opens the source if it is not open. */
  start(): void {
    this.#supervisor.start()
  }

  /** Closes the source; resolved when it is closed. */
  stop(why: string): Promise<void> {
    return this.#supervisor.stop(why)
  }

  /** What is playing from the next frame on; nothing known: an empty text. */
  setTitle(title: string): void {
    if (this.titles.set(title, this.ring.next, this.ring.first)) this.log.info('title', { title })
  }

  listenerCame(): void {
    this.listeners++
    this.start()
  }

  listenerLeft(): void {
    this.listeners--
    if (this.listeners === 0 && this.#options.closeIdle) void this.stop('nobody listens')
  }

  /** What goes out before frame `at` to who did not get the one before it; null when nobody can begin there. */
  preamble(at: number, joining: boolean, missedFrom: number): Buffer | null {
    return this.#opening === undefined ? NOTHING : this.#opening.sieve.preamble(at, this.ring, joining, missedFrom)
  }

  statistics(): StreamStatistics {
    return {
      listeners: this.listeners,
      bytesIn: this.#bytesIn,
      invalidBytes: this.#skippedBefore + (this.#filter?.skippedBytes ?? 0),
      bytesOut: this.bytesOut,
      uptimeSeconds: this.#isOpen && this.#opening !== undefined ? this.#opening.age() : 0,
    }
  }

  get #filter() {
    return this.#opening?.sieve.filter
  }

  #open(): void {
    this.#skippedBefore += this.#filter?.skippedBytes ?? 0
    this.joinFrom = this.ring.next
    const emit = (frame: Frame) => this.#emit(frame)
    const settled = () => this.#chunkEnded()
    this.#opening = beginOpening(this.#options, this.ring, emit, settled, this.#clock, this.log)
    this.#isOpen = true
  }

  #take(chunk: Buffer): void {
    this.#bytesIn += chunk.length
    this.#opening?.take(chunk)
    this.#chunkEnded()
  }

  #emit(frame: Frame): void {
    if (this.ring.next === this.joinFrom) this.#firstFrame()
    this.ring.push(frame)
    this.watcher?.frameCame(frame.bytes.length)
  }

  /** Of an opening. */
  #firstFrame(): void {
    this.header = this.#opening?.header ?? NOTHING
    const format = this.#filter?.contentType
    const isAnother = this.#format !== undefined && format !== this.#format
    // Who sets -content-type answers for what comes under it.
    if (isAnother && this.#options.contentType === undefined) this.watcher?.formatChanged()
    this.#format = format
  }

  #chunkEnded(): void {
    const found = this.#options.contentType ?? this.#filter?.contentType
    if (found !== undefined) this.#contentType = found
    this.watcher?.chunkEnded()
  }

  #close(): void {
    this.#opening?.sieve.end()
    this.#isOpen = false
    this.#chunkEnded()
    this.watcher?.openingEnded()
    this.joinFrom = this.ring.next
  }

  #finish(failure: Error | undefined): void {
    this.isFinished = true
    this.watcher?.streamFinished()
    this.#settleFinished(failure)
  }
}
