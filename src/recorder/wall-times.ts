import type { Timeline } from '../stream/timeline.ts'
import type { Clock } from '../system/clock.ts'

/** Steps back of the system time that are rounding, in milliseconds; a larger one is a clock that was set. */
const ROUNDING_MS = 1_000

/** Times of frames since 1970, as far as the system clock is right. */
export class WallTimes {
  readonly #timeline: Timeline
  readonly #clock: Clock
  readonly #now: () => number
  /** Time of the last frame: those of later ones are never before it, unless the system clock was set. */
  #last = Number.NEGATIVE_INFINITY

  /** @param now returns milliseconds since 1970 */
  constructor(timeline: Timeline, clock: Clock, now: () => number) {
    this.#timeline = timeline
    this.#clock = clock
    this.#now = now
  }

  /** Returns the time of a frame, in whole milliseconds since 1970. Called with increasing numbers. */
  ofFrame(seq: number): number {
    const at = this.wallOf(this.#timeline.timeOf(seq) ?? this.#clock.now())
    this.#last = at < this.#last && this.#last - at < ROUNDING_MS ? this.#last : at
    return this.#last
  }

  /** The next frame may be one before the last. */
  restart(): void {
    this.#last = Number.NEGATIVE_INFINITY
  }

  /** Returns a time of the clock in whole milliseconds since 1970. */
  wallOf(at: number): number {
    return Math.round(at + this.#offset)
  }

  /** Returns the first frame of the ring whose time is `wallMs` or later; the next frame when none is. */
  seqAt(wallMs: number): number {
    return this.#timeline.seqAt(wallMs - 0.5 - this.#offset)
  }

  get #offset(): number {
    return this.#now() - this.#clock.now()
  }
}
