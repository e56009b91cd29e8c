import type { Logger } from '@logtape/logtape'
import type { NumberedFormat } from '../../filters/numbering.ts'
import { ELASTIC_SIZE, Ring } from '../ring/ring.ts'
import type { RingMemory } from '../ring/ring-memory.ts'
import type { Source } from '../source/source.ts'
import type { SourceState } from '../source/source-state.ts'
import { createSupervisor, type Supervisor, type SupervisorPolicy } from '../source/supervisor.ts'
import type { Clock } from '../system/clock.ts'
import type { FrameCount } from './frame-count.ts'
import type { FrameWatcher } from './frame-watcher.ts'
import { type IntakeOptions, type Outlet, StreamIntake } from './intake.ts'
import { Titles } from './titles.ts'

/** How a stream is made of a source. */
export interface StreamOptions extends IntakeOptions {
  /** Slots of the ring, in frames; undefined: as many as 10 s or 512 KiB take. */
  readonly sourceBuffer: number | undefined
  /** Memory that the rings of all streams share; undefined: the ring has memory of its own. */
  readonly memory?: RingMemory | undefined
  /** What the stream says of its titles counts; somebody else says what is playing otherwise. */
  readonly ownTitles: boolean
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
export class Stream implements Outlet {
  readonly path: string
  readonly source: Source
  readonly ring: Ring
  readonly log: Logger
  /** What is playing, frame by frame. */
  readonly titles = new Titles()
  listeners = 0
  /** Bytes that were given to listeners. */
  bytesOut = 0
  /** What listeners of other threads got and missed. */
  readonly framesElsewhere: FrameCount = { framesSent: 0, framesSkipped: 0 }
  /** Brings these up to date with what other threads have counted. */
  recount: () => void = () => {}
  isFinished = false
  /** Settled when no frame will come any more: with the reason, if it is not that the source has ended. */
  readonly finished: Promise<Error | undefined>
  watcher: FrameWatcher | undefined
  readonly #closeIdle: boolean
  readonly #ownTitles: boolean
  readonly #intake: StreamIntake
  readonly #supervisor: Supervisor
  #settleFinished: (failure: Error | undefined) => void = () => {}

  constructor(path: string, source: Source, options: StreamOptions, clock: Clock, log: Logger) {
    this.path = path
    this.source = source
    this.log = log.with({ stream: path })
    const size = options.sourceBuffer === undefined ? ELASTIC_SIZE : { frames: options.sourceBuffer }
    this.ring = new Ring(size, options.memory)
    this.#closeIdle = options.closeIdle
    this.#ownTitles = options.ownTitles
    this.finished = new Promise((resolve) => {
      this.#settleFinished = resolve
    })
    this.#intake = new StreamIntake(options, source.alike ? source : undefined, this, clock, this.log)
    this.#supervisor = createSupervisor(source, options.supervision, this.#intake, clock, this.log)
  }

  get sourceState(): SourceState {
    return this.#supervisor.state
  }

  /** The media type; undefined as long as it is not known. */
  get contentType(): string | undefined {
    return this.#intake.contentType
  }

  /** Why nothing can be made of the bytes of the source, until it is opened again. */
  get refusal(): string | undefined {
    return this.#intake.refusal
  }

  /** What the frames are, in one line; undefined as long as there is nothing to say. */
  get format(): string | undefined {
    return this.#intake.format
  }

  /** Frames are pieces of bytes that nothing is known about, so that nothing speaks for starting before the newest. */
  get isRaw(): boolean {
    return this.#intake.isRaw
  }

  /** False: nothing ever goes out before a frame. */
  get hasPreambles(): boolean {
    return this.#intake.hasPreambles
  }

  /** How frames are numbered; undefined: they are not. */
  get numbering(): NumberedFormat | undefined {
    return this.#intake.numbering
  }

  /** What every listener gets first. */
  get header(): Buffer {
    return this.#intake.header
  }

  /** Nobody starts before this frame: those before it are of an earlier opening of the source. */
  get joinFrom(): number {
    return this.#intake.joinFrom
  }

  /** Opens the source if it is not open; that of a stream that has ended stays closed. */
  start(): void {
    if (!this.isFinished) this.#supervisor.start()
  }

  /** Closes the source; resolved when it is closed. */
  stop(why: string): Promise<void> {
    this.#intake.stop()
    return this.#supervisor.stop(why)
  }

  /** What is playing from the next frame on; nothing known: an empty text. */
  setTitle(title: string): void {
    if (this.titles.set(title, this.ring.next, this.ring.first)) this.log.info('title', { title })
  }

  played(title: string): void {
    if (this.#ownTitles) this.setTitle(title)
  }

  listenerCame(): void {
    this.listeners++
    this.start()
  }

  listenerLeft(): void {
    this.listeners--
    if (this.listeners === 0 && this.#closeIdle) void this.stop('nobody listens')
    this.#clearWhenOver()
  }

  /** What goes out before frame `at` to who did not get the one before it; null when nobody can begin there. */
  preamble(at: number, joining: boolean, missedFrom: number): Buffer | null {
    return this.#intake.preamble(at, joining, missedFrom)
  }

  statistics(): StreamStatistics {
    this.recount()
    const { listeners, bytesOut } = this
    const { bytesIn, invalidBytes, uptimeSeconds } = this.#intake
    return { listeners, bytesIn, invalidBytes, bytesOut, uptimeSeconds }
  }

  /** No frame will come any more: the source has ended, or failed for good. */
  finish(failure: Error | undefined): void {
    this.isFinished = true
    this.watcher?.streamFinished()
    this.#settleFinished(failure)
    this.#clearWhenOver()
  }

  /** The last listener of a stream that has ended has got its frames. */
  #clearWhenOver(): void {
    if (this.isFinished && this.listeners === 0) this.ring.clear()
  }
}
