import type { Stream } from '../stream/stream.ts'
import type { Clock } from '../system/clock.ts'
import { type HlsFigures, HlsStream } from './hls-stream.ts'

/** Interval of checks for clients that have gone, in milliseconds. */
const CHECK_EVERY_MS = 1_000

/** The streams of a program as HLS, by path. */
export class Hls {
  readonly #streams = new Map<string, HlsStream>()
  readonly #clock: Clock
  #isChecking = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Begins with a stream that has HLS, or continues with its current plan. Called when either may have changed. */
  follow(stream: Stream): void {
    const known = this.#streams.get(stream.path)
    if (known !== undefined) return known.follow(stream)
    if (stream.plan.hls === undefined || stream.isFinished) return
    this.#streams.set(stream.path, new HlsStream(stream, this.#clock))
    this.#checkLater()
  }

  /** Returns the HLS of a path; undefined: it has none. */
  at(path: string): HlsStream | undefined {
    const found = this.#streams.get(path)
    return found?.isEnabled === true ? found : undefined
  }

  /** Returns the totals of a path; undefined: it has no HLS. */
  figures(path: string): HlsFigures | undefined {
    return this.at(path)?.figures
  }

  #checkLater(): void {
    if (this.#isChecking) return
    this.#isChecking = true
    this.#clock.after(CHECK_EVERY_MS, () => this.#check())
  }

  #check(): void {
    for (const [path, stream] of this.#streams) {
      stream.check()
      if (!stream.isOver) continue
      stream.end()
      this.#streams.delete(path)
    }
    this.#isChecking = false
    if (this.#streams.size > 0) this.#checkLater()
  }
}
