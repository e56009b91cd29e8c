import type { Frame } from '../../filters/frame-filter.ts'
import type { GuardedFilter } from '../../filters/guarded-filter.ts'

/** End of the ring, which a feeder continues: the newest frame, and the filter that it is from. */
export interface RingEnd {
  readonly filter: GuardedFilter
  /** An empty frame when there is none. */
  readonly newest: Frame
}

/** Writes frames into the ring of a stream in place of its source. */
export interface Feeder {
  /** Starts to write, behind `end`. @returns false when it has no frames that can follow */
  start(end: RingEnd): boolean
  /** Stops after the frame that it has written last. */
  stop(): void
}

/**
 * Decides which feeder writes the ring while the source does not. At most one writes at a time, and it changes between two
 * frames:
 *
 * ```
 *   source   [f][f]                  [f][f] ...
 *   feeder         [s][s][s][s][s][s]
 *   ring     [f][f][s][s][s][s][s][s][f][f]
 *                  ^ away            ^ back, before the first frame of the source
 * ```
 */
export class FeederSwitch {
  readonly #feeders: readonly Feeder[]
  #current: Feeder | undefined

  /** @param feeders the first one that can follow is used. */
  constructor(feeders: readonly Feeder[]) {
    this.#feeders = feeders
  }

  /** The source writes no frames for now. Without effect while a feeder writes. */
  away(end: RingEnd): void {
    this.#current ??= this.#feeders.find((feeder) => feeder.start(end))
  }

  /** The source writes the next frame, or no frame is wanted any more. */
  back(): void {
    this.#current?.stop()
    this.#current = undefined
  }
}
