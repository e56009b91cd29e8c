import type { Frame } from '../../filters/frame-filter.ts'
import type { Clock } from '../system/clock.ts'
import { readPauseMs } from './read-pause.ts'
import { createRealTime, type RealTime } from './real-time.ts'
import type { RingWriter } from './ring-writer.ts'

/** How fast frames go into the ring. */
export interface PaceOptions {
  /** Frames are emitted in real time, however fast the source yields them, and openings follow one another. */
  readonly inTime: boolean
  /** With `inTime`: lead of the listeners from the beginning on, in milliseconds. */
  readonly aheadMs: number
  /** Maximum lead of the frames over real time, in milliseconds; undefined: no limit. See `Source.maxLeadMs`. */
  readonly maxLeadMs?: number | undefined
  /** Reading may pause, see `Source.mayPause`. */
  readonly mayPause?: boolean | undefined
}

/** Sound of a chunk, as a multiple of the time since the one before, of which a source is not live: it is read without pauses. */
const FAST = 2
/** Duration of a pause at which a busy machine ends it, as a multiple of the planned one. */
const LATEST = 2

/** Keeps the pace of a stream: writes frames into the ring at once, or when they are due, and pauses reading meanwhile. */
export class FramePace {
  /** Timekeeper of the stream, also of frames that are not from the source. */
  readonly realTime: RealTime
  readonly #inTime: boolean
  readonly #writer: RingWriter
  readonly #clock: Clock
  readonly #maxLeadMs: number
  readonly #mayPause: boolean
  /** Lead of the frames over real time at `#leadAt`, in milliseconds. */
  #leadMs = 0
  #leadAt: number
  /** Time of reading, and of its pauses, whose sound has not been read yet, in milliseconds. */
  #owedMs = 0
  /** Time of the last chunk, in milliseconds of the clock, and the pause that was planned behind it. */
  #chunkAt = 0
  #pauseMs = 0
  /** Duration of that pause, in milliseconds: a busy machine ends it late, and the source must be read on for as long. */
  #pausedMs = 0
  /** The pause of reading; undefined: there is none. */
  #cancelPause: (() => void) | undefined
  #resumeReading: () => void = () => {}
  /** The source was paused because of its lead. */
  #isTooFast = false
  readonly #pauseOver = (): void => {
    this.#cancelPause = undefined
    this.#pausedMs = this.#clock.now() - this.#chunkAt
    this.#resumeReading()
  }
  /** Shared by all pauses: a pause adds nothing to the signal of the opening. */
  readonly #startPause = (resolve: () => void): void => {
    this.#resumeReading = resolve
    this.#cancelPause = this.#clock.after(this.#pauseMs, this.#pauseOver)
  }
  /** Sound of this chunk, in milliseconds. */
  #chunkMs = 0
  /** Frames of the chunk that are not due yet. */
  #waiting: Frame[] = []

  constructor({ inTime, aheadMs, maxLeadMs, mayPause = false }: PaceOptions, writer: RingWriter, clock: Clock) {
    this.#inTime = inTime
    this.#writer = writer
    this.#clock = clock
    this.#mayPause = mayPause
    this.#maxLeadMs = maxLeadMs ?? Number.POSITIVE_INFINITY
    this.#leadAt = clock.now()
    this.realTime = createRealTime(
      aheadMs,
      clock,
      (frame) => writer.write(frame),
      () => writer.chunkEnded(),
    )
  }

  take(frame: Frame): void {
    if (this.#inTime) {
      this.#waiting.push(frame)
      return
    }
    this.#chunkMs += frame.durationUs / 1000
    this.#writer.write(frame)
  }

  /**
   * Called behind the frames of a chunk.
   * @returns a promise to wait for before the next chunk is read; undefined: it may be read at once
   */
  chunkEnded(signal: AbortSignal): Promise<void> | undefined {
    if (this.#inTime) return this.#playWaiting(signal)
    this.#writer.chunkEnded()
    const now = this.#clock.now()
    const excessMs = this.#excessMs(now)
    const pauseMs = Math.max(this.#readPauseMs(now), excessMs)
    this.#isTooFast = excessMs > 0
    this.#chunkMs = 0
    this.#pauseMs = pauseMs
    this.#chunkAt = now
    this.#pausedMs = 0
    return pauseMs === 0 || signal.aborted ? undefined : new Promise(this.#startPause)
  }

  /** Frames are needed sooner than it was known at the last chunk: ends the pause of reading, unless the source is too fast. */
  readOn(): void {
    if (!this.#isTooFast) this.endPause()
  }

  /** Ends the pause of reading. */
  endPause(): void {
    if (this.#cancelPause === undefined) return
    this.#cancelPause()
    this.#pauseOver()
  }

  /** Called behind the frames of an opening; resolved when all of them are in the ring. */
  async openingEnded(signal: AbortSignal): Promise<void> {
    if (this.#inTime) await this.#playWaiting(signal)
    this.#writer.chunkEnded()
  }

  /**
   * Returns how long reading may pause. A source that yields small pieces is read on until it has caught up with the last pause,
   * which was longer than planned when the machine is busy, or when the source had nothing.
   */
  #readPauseMs(now: number): number {
    if (!this.#mayPause) return 0
    const isFast = this.#chunkMs > FAST * (now - this.#chunkAt)
    // A source that has nothing now does not owe it.
    const mostMs = this.#pauseMs > 0 ? Math.max(LATEST * this.#pauseMs, this.#pausedMs) : this.#chunkMs / 2
    this.#owedMs = Math.max(0, this.#owedMs + Math.min(now - this.#chunkAt, mostMs) - this.#chunkMs)
    const pauseMs = readPauseMs(this.#writer.ring, this.#writer.pauseMs)
    return isFast || this.#owedMs > pauseMs / 2 ? 0 : pauseMs
  }

  /** Returns the time by which the frames exceed their maximum lead, in milliseconds. A source that was late may not catch up more. */
  #excessMs(now: number): number {
    if (this.#maxLeadMs === Number.POSITIVE_INFINITY) return 0
    this.#leadMs = Math.max(0, this.#leadMs + this.#chunkMs - (now - this.#leadAt))
    this.#leadAt = now
    return Math.max(0, this.#leadMs - this.#maxLeadMs)
  }

  #playWaiting(signal: AbortSignal): Promise<void> {
    return this.realTime.play(this.#waiting.splice(0), signal)
  }
}
