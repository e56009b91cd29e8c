import type { Logger } from '@logtape/logtape'
import type { CreateFilter, FilterOptions, Frame } from '../../filters/frame-filter.ts'
import type { Clock } from '../clock.ts'
import { ELASTIC_SIZE, Ring } from '../ring/ring.ts'
import type { Source } from '../source/source.ts'
import { createSupervisor, type Supervisor, type SupervisorPolicy } from '../source/supervisor.ts'
import { createHeaderCutter, type HeaderCutter } from './header-cutter.ts'
import { createRateMeter, type RateMeter } from './rate-meter.ts'
import { createSieve, type Sieve } from './sieve.ts'
import { Titles } from './titles.ts'

const NOTHING = Buffer.alloc(0)

/** How a stream is made of a source. */
export interface StreamOptions {
  readonly createFilter: CreateFilter
  readonly filterOptions: FilterOptions
  /** The media type to announce; undefined: the filter's. */
  readonly contentType: string | undefined
  /** So many bytes at each opening of the source go first to every listener. */
  readonly headerBytes: number
  /** Slots of the ring, in frames; undefined: as many as 10 s or 512 KiB take. */
  readonly sourceBuffer: number | undefined
  /** Close the source when the last listener leaves. */
  readonly closeIdle: boolean
  readonly supervision: SupervisorPolicy
}

/** Who passes a stream's frames on. */
export interface FrameWatcher {
  /** A frame of so many bytes is in the ring. */
  frameCame(bytes: number): void
  /** All frames that one chunk gave are in the ring. */
  chunkEnded(): void
  /** All frames of an opening are in the ring; what comes next may have another header. */
  openingEnded(): void
  /** No frame will come any more. */
  streamFinished(): void
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
  #sieve: Sieve | undefined
  #cutter: HeaderCutter = createHeaderCutter(0)
  #meter: RateMeter | undefined
  #contentType: string | undefined
  #bytesIn = 0
  #skippedBefore = 0
  #openedAt: number | undefined
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
    return (this.#sieve?.filter.contentType ?? 'application/octet-stream') === 'application/octet-stream'
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
    const filter = this.#sieve?.filter
    if (filter?.preamble === undefined) return NOTHING
    try {
      const preamble = filter.preamble(at, this.ring, joining, missedFrom)
      if (preamble === null || Buffer.isBuffer(preamble)) return preamble
      throw new TypeError('its preamble is neither a Buffer nor null')
    } catch (error) {
      // Somebody else's filter: a listener is better off with a frame that lacks its preamble than with none.
      this.log.error('the filter failed at a preamble', { error: String(error) })
      return NOTHING
    }
  }

  statistics(): StreamStatistics {
    return {
      listeners: this.listeners,
      bytesIn: this.#bytesIn,
      invalidBytes: this.#skippedBefore + (this.#sieve?.filter.skippedBytes ?? 0),
      bytesOut: this.bytesOut,
      uptimeSeconds: this.#openedAt === undefined ? 0 : (this.#clock.now() - this.#openedAt) / 1000,
    }
  }

  #open(): void {
    const { createFilter, filterOptions, headerBytes } = this.#options
    this.#skippedBefore += this.#sieve?.filter.skippedBytes ?? 0
    this.joinFrom = this.ring.next
    this.#openedAt = this.#clock.now()
    this.#cutter = createHeaderCutter(headerBytes)
    this.#meter = createRateMeter(this.#clock)
    const settled = () => this.#chunkEnded()
    this.#sieve = createSieve(createFilter(filterOptions), (frame) => this.#emit(frame), settled, this.#clock, this.log)
  }

  #take(chunk: Buffer): void {
    this.#bytesIn += chunk.length
    this.#keepEnough(chunk.length)
    const bytes = this.#cutter.cut(chunk)
    if (this.#cutter.header !== undefined) this.header = this.#cutter.header
    if (bytes.length > 0) this.#sieve?.push(bytes)
    this.#chunkEnded()
  }

  #emit(frame: Frame): void {
    this.ring.push(frame)
    this.watcher?.frameCame(frame.bytes.length)
  }

  #chunkEnded(): void {
    const found = this.#options.contentType ?? this.#sieve?.filter.contentType
    if (found !== undefined) this.#contentType = found
    this.watcher?.chunkEnded()
  }

  /** Where frames do not say how long they last, the rate of the source says how many bytes 10 s are. */
  #keepEnough(bytes: number): void {
    const bytesPerSecond = this.#meter?.add(bytes)
    if (bytesPerSecond === undefined || this.ring.us > 0) return
    this.ring.keepBytes(Math.max(ELASTIC_SIZE.bytes, (bytesPerSecond * ELASTIC_SIZE.us) / 1e6))
  }

  #close(): void {
    this.#sieve?.end()
    this.#openedAt = undefined
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
