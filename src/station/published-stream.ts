import type { PushSource } from '../source/push.ts'
import type { Stream } from '../stream/stream.ts'
import type { Clock } from '../system/clock.ts'
import { formatDuration } from '../text/duration.ts'
import { PublisherPlace } from './publisher-place.ts'

/** Time for which a stream that only browsers publish is kept, in milliseconds. */
const BROWSERS_LINGER_MS = 600_000

/** A stream below a wildcard. It is removed when it has been without a publisher and without listeners for some time. */
export class PublishedStream {
  readonly stream: Stream
  readonly place: PublisherPlace
  readonly #clock: Clock
  readonly #gone: () => void
  /** Time since which it has been without a publisher, or at which its last listener has disconnected, in milliseconds. */
  #leftAt = 0
  #isChecking = false

  /** @param gone removes it from the station */
  constructor(stream: Stream, source: PushSource, clock: Clock, gone: () => void) {
    this.stream = stream
    this.place = new PublisherPlace(stream, source, clock, () => this.#left())
    this.#clock = clock
    this.#gone = gone
    stream.events.subscribe(({ kind }) => {
      if (kind === 'listener disconnected') this.#leftAt = clock.now()
    })
  }

  get #lingerMs(): number {
    return this.stream.plan.publish?.lingerMs ?? BROWSERS_LINGER_MS
  }

  #left(): void {
    this.#leftAt = this.#clock.now()
    if (!this.#isChecking) this.#checkAfter(this.#lingerMs)
  }

  #checkAfter(ms: number): void {
    this.#isChecking = true
    this.#clock.after(ms, () => this.#check())
  }

  #check(): void {
    this.#isChecking = false
    // The next publisher that leaves starts the checks again.
    if (this.place.publication !== undefined) return
    const lingerMs = this.#lingerMs
    const leftMs = this.stream.listeners > 0 ? lingerMs : this.#leftAt + lingerMs - this.#clock.now()
    if (leftMs > 0) this.#checkAfter(leftMs)
    else this.#remove(`no publisher for ${formatDuration(lingerMs)}`)
  }

  #remove(reason: string): void {
    this.#gone()
    void this.stream.stop(reason)
    this.stream.finish(undefined)
  }
}
