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
  /** Time at which its last publisher or listener has left, in milliseconds of the clock. */
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

  /** Time at which its last publisher or listener has left, in milliseconds of the clock; undefined: it has one. */
  get idleSince(): number | undefined {
    return this.place.publication === undefined && !this.stream.isWanted ? this.#leftAt : undefined
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
    if (this.place.publication !== undefined || this.stream.isFinished) return
    const lingerMs = this.#lingerMs
    const leftMs = this.stream.isWanted ? lingerMs : this.#leftAt + lingerMs - this.#clock.now()
    if (leftMs > 0) this.#checkAfter(leftMs)
    else this.remove(`no publisher for ${formatDuration(lingerMs)}`)
  }

  /** Disconnects its listeners, and frees its memory. */
  remove(reason: string): void {
    this.#gone()
    void this.stream.stop(reason)
    this.stream.finish(undefined)
  }
}
