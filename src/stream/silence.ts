import type { Logger } from '@logtape/logtape'
import type { Frame } from '../../filters/frame-filter.ts'
import type { Feeder, RingEnd } from './feeder.ts'
import type { RealTime } from './real-time.ts'

/** Minimum duration of a row of silent frames, in microseconds. */
const ROW_US = 20_000

/** Silent frames for listeners while a source is away. */
export class Silence implements Feeder {
  readonly #realTime: RealTime
  readonly #isContinuous: boolean
  readonly #log: Logger
  #playing: AbortController | undefined

  /**
   * @param realTime emits the silent frames.
   * @param isContinuous frames of the source are emitted in real time as well, and silence is due after the last of them.
   */
  constructor(realTime: RealTime, isContinuous: boolean, log: Logger) {
    this.#realTime = realTime
    this.#isContinuous = isContinuous
    this.#log = log
  }

  start({ filter, newest }: RingEnd): boolean {
    const frame = filter.silence?.(newest)
    if (frame === undefined || !(frame.durationUs > 0)) {
      const { contentType, failure } = filter
      this.#log.warn('silence not available', { contentType, reason: failure })
      return false
    }
    if (!this.#isContinuous) this.#realTime.restart(0)
    this.#playing = new AbortController()
    void this.#play(frame, this.#playing.signal)
    return true
  }

  stop(): void {
    this.#playing?.abort()
    this.#playing = undefined
  }

  async #play(frame: Frame, signal: AbortSignal): Promise<void> {
    const row = Array.from({ length: Math.ceil(ROW_US / frame.durationUs) }, () => frame)
    while (!signal.aborted) await this.#realTime.play(row, signal)
  }
}
