import { Jitter } from './jitter.ts'

/** Margin above the measured jitter, in seconds. */
const MARGIN_S = 0.01
/** Rate at which the target falls, in seconds per second: not faster than accelerated playback can follow. */
const RELAX = 0.008
/** Minimum jitter, in seconds, that shows a pause of the stream, if it is also twice the maximum delay. */
const PAUSE_S = 0.5

/** Target delay by the jitter of blocks: it rises at once and falls gradually. All times are in seconds. */
export class TargetDelay {
  /** Sound that should be buffered when the fastest block has arrived. */
  target: number
  readonly #least: number
  readonly #most: number
  readonly #jitter = new Jitter()
  #recordedAt: number | undefined

  constructor(least: number, most: number, first: number) {
    this.#least = least
    this.#most = most
    this.target = first
  }

  /** Shortest transit of a block's end; infinite: not known. */
  get earliest(): number {
    return this.#jitter.earliest
  }

  /** Records a block. @param start of the block in the stream @param end of the block there */
  record(start: number, end: number, now: number): void {
    this.#jitter.record(start, end, now)
    if (this.#jitter.spread > Math.max(PAUSE_S, 2 * this.#most)) {
      this.#jitter.forget()
      this.#jitter.record(start, end, now)
    }
    const wanted = Math.min(this.#most, Math.max(this.#least, this.#jitter.spread + MARGIN_S))
    this.target = Math.max(wanted, this.target - RELAX * (now - (this.#recordedAt ?? now)))
    this.#recordedAt = now
  }

  /** Call when the timing of the next blocks may differ. */
  forget(): void {
    this.#jitter.forget()
  }
}
