import type { Stream } from '../stream/stream.ts'
import type { Clock } from '../system/clock.ts'
import type { Loss } from './ring-cursor.ts'

/** Interval of lines about lost frames, in milliseconds. */
const LOG_EVERY_MS = 60_000

/** Counts frames that could not be recorded; logs the first loss at once, and then the sum once a minute. */
export class LossLog {
  /** Time of the last loss, in milliseconds of the clock; undefined: there was none. */
  lastAt: number | undefined
  readonly #stream: Stream
  readonly #clock: Clock
  #sum: Loss = { frames: 0, bytes: 0, ms: 0 }
  #reason: string | undefined
  #cancel: (() => void) | undefined

  constructor(stream: Stream, clock: Clock) {
    this.#stream = stream
    this.#clock = clock
  }

  /** @param reason why files cannot be written; undefined: they can, but not fast enough */
  add({ frames, bytes, ms }: Loss, reason: string | undefined): void {
    this.lastAt = this.#clock.now()
    this.#stream.counters.recordingFramesLost += frames
    this.#sum = { frames: this.#sum.frames + frames, bytes: this.#sum.bytes + bytes, ms: this.#sum.ms + ms }
    this.#reason = reason
    if (this.#cancel === undefined) this.#write()
  }

  /** Logs what has not been logged yet. */
  end(): void {
    this.#cancel?.()
    if (this.#sum.frames > 0) this.#log()
  }

  /** A minute without a loss ends the intervals. */
  #write(): void {
    this.#log()
    this.#cancel = this.#clock.after(LOG_EVERY_MS, () => {
      this.#cancel = undefined
      if (this.#sum.frames > 0) this.#write()
    })
  }

  #log(): void {
    const { frames, bytes, ms } = this.#sum
    const time = `${(ms / 1000).toFixed(1)}s`
    this.#stream.log.warn('recording frames lost', {
      frames,
      bytes,
      time,
      reason: this.#reason ?? 'the disk is too slow',
    })
    this.#sum = { frames: 0, bytes: 0, ms: 0 }
  }
}
